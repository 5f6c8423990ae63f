/* The countries that things may be sent to. */
#include "shop/checkout_country.h"

#include "shop/country_msg.h"

const struct country countries[] = {{"AU", text_country_au}, {"AT", text_country_at},
                                    {"BE", text_country_be}, {"BG", text_country_bg},
                                    {"CA", text_country_ca}, {"HR", text_country_hr},
                                    {"CY", text_country_cy}, {"CZ", text_country_cz},
                                    {"DK", text_country_dk}, {"EG", text_country_eg},
                                    {"EE", text_country_ee}, {"FI", text_country_fi},
                                    {"FR", text_country_fr}, {"DE", text_country_de},
                                    {"GR", text_country_gr}, {"HU", text_country_hu},
                                    {"IS", text_country_is}, {"IE", text_country_ie},
                                    {"IT", text_country_it}, {"JP", text_country_jp},
                                    {"LV", text_country_lv}, {"LI", text_country_li},
                                    {"LT", text_country_lt}, {"LU", text_country_lu},
                                    {"MT", text_country_mt}, {"NL", text_country_nl},
                                    {"NO", text_country_no}, {"PL", text_country_pl},
                                    {"PT", text_country_pt}, {"RO", text_country_ro},
                                    {"SA", text_country_sa}, {"SK", text_country_sk},
                                    {"SI", text_country_si}, {"ES", text_country_es},
                                    {"SE", text_country_se}, {"CH", text_country_ch},
                                    {"AE", text_country_ae}, {"GB", text_country_gb},
                                    {"US", text_country_us}, {0}};

const struct country *country_find(struct str code)
{
    for (const struct country *country = countries; country->code; country++)
        if (str_equal_nocase(str_from(country->code), code))
            return country;
    return NULL;
}
