/* Names the rooms that have routes and assets, and what stands in the menu of every page. */
#include "app/app_routes.h"
#include "app/build_info.h"
#include "app/wiring.h"
#include "flow/bus_msg.h"
#include "flow/flow_routes.h"
#include "flow/queue_msg.h"
#include "flow/schedule_msg.h"
#include "flow/sqs/sqs_routes.h"
#include "flow/topic_msg.h"
#include "front/front_msg.h"
#include "front/front_routes.h"
#include "guard/audit_msg.h"
#include "guard/guard_assets.h"
#include "guard/guard_msg.h"
#include "guard/guard_routes.h"
#include "guard/key_msg.h"
#include "guard/people_msg.h"
#include "shop/shop_msg.h"
#include "shop/shop_routes.h"
#include "ui/ui_assets.h"
#include "ui/ui_msg.h"
#include "ui/ui_routes.h"
#include "watch/watch_msg.h"
#include "watch/watch_routes.h"

struct front wiring_front;
struct shop wiring_shop;
struct watch wiring_watch;

const struct room_routes wiring_routes[] = {{"app", app_routes, NULL, NULL},
                                            {"flow", flow_routes, NULL, NULL},
                                            {"front", front_routes, &wiring_front, NULL},
                                            {"guard", guard_routes, NULL, NULL},
                                            {"shop", shop_routes, &wiring_shop, NULL},
                                            {"sqs", sqs_routes, NULL, sqs_show_error},
                                            {"ui", ui_routes, NULL, NULL},
                                            {"watch", watch_routes, &wiring_watch, NULL},
                                            {0}};

const struct asset *const *const wiring_assets[] = {ui_assets, guard_assets, NULL};

const struct ui_site wiring_site = {
    .name = "Stoa",
    .version = BUILD_VERSION,
    .menu = {{.path = "/c", .words = text_shop},
             {.path = "/search", .words = text_shop_search},
             {.path = "/cart", .words = text_shop_cart},
             {.path = "/account/orders", .words = text_shop_orders, .permission = "account"},
             {.path = "/contact", .words = text_contact},
             {.path = "/about", .words = text_about}},
    .console = {{"/admin/dashboard", text_admin_dashboard, "shop.sales.read"},
                {"/admin/orders", text_admin_orders, "shop.orders.read"},
                {"/admin/products", text_admin_products, "shop.products.read"},
                {"/admin/stock", text_admin_stock, "shop.stock.read"},
                {"/admin/promotions", text_admin_promotions, "shop.promotions.read"},
                {"/admin/taxes", text_admin_taxes, "shop.rules.read"},
                {"/admin/shipping", text_admin_methods, "shop.rules.read"},
                {"/admin/messages", text_messages, "messages.read"},
                {"/admin/health", text_health, WATCH_PERMISSION},
                {"/admin/queues", text_queues, "queues.read"},
                {"/admin/bus", text_bus, "bus.read"},
                {"/admin/schedules", text_schedules, "schedules.read"},
                {"/admin/topics", text_topics, "topics.read"},
                {"/admin/webhooks", text_webhooks, "topics.read"},
                {"/admin/audit", text_audit, "audit.read"},
                {"/admin/outbox", text_outbox, "mail.read"},
                {"/admin/people", text_people, "people.read"},
                {"/admin/roles", text_roles, "people.read"},
                {"/admin/keys", text_keys, "keys.own"},
                {"/admin/settings", text_settings, "settings.read"}},
    .sign_in = {.path = "/sign-in", .words = text_sign_in},
    .account = {.path = "/account", .words = text_account},
};
