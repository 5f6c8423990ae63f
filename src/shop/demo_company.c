/* The demo company's collections, taxes, shipping, promotions, and where its customers live. */
#include "shop/demo_inside.h"

const struct demo_bundle demo_bundles[] = {
    {"new", "drawn:gift:1", "New|Neu|Nouveautés|Novedades|جديد",
     "What came in during the last two weeks.|Was in den letzten zwei Wochen kam.|"
     "Ce qui est arrivé ces deux dernières semaines.|"
     "Lo que ha llegado en las últimas dos semanas.|ما وصل خلال الأسبوعين الماضيين.",
     "", "new"},
    {"breakfast", "drawn:croissant:1", "Breakfast|Frühstück|Petit-déjeuner|Desayuno|الفطور",
     "Everything for a long Sunday morning.|Alles für einen langen Sonntagmorgen.|"
     "Tout pour un long dimanche matin.|Todo para una larga mañana de domingo.|"
     "كل شيء لصباح أحد طويل.",
     "rolls pastries coffee", "honey vanilla orange"},
    {"gifts", "drawn:gift:0", "Gifts|Geschenke|Cadeaux|Regalos|هدايا",
     "Small, beautiful, and already half wrapped.|Klein, schön und schon halb verpackt.|"
     "Petits, beaux et déjà à moitié emballés.|Pequeños, bonitos y ya medio envueltos.|"
     "صغيرة وجميلة وشبه مغلفة.",
     "sweets light gift-boxes", "Alma Luna leather beeswax roseoil"},
    {"for-children", "drawn:toy:0", "For children|Für Kinder|Pour les enfants|Para niños|للأطفال",
     "Made for small hands.|Für kleine Hände gemacht.|Fait pour les petites mains.|"
     "Hecho para manos pequeñas.|مصنوع لأيدٍ صغيرة.",
     "toys", "children"},
    {"organic", "drawn:leafy:0", "Organic|Bio|Bio|Ecológico|عضوي",
     "Grown without shortcuts.|Ohne Abkürzungen gewachsen.|Cultivé sans raccourcis.|"
     "Cultivado sin atajos.|مزروع من دون اختصارات.",
     "", "organic"},
    {"italian-evening", "drawn:pasta:1",
     "An Italian evening|Ein italienischer Abend|Une soirée italienne|Una noche italiana|"
     "أمسية إيطالية",
     "From the first olive to the last espresso.|Von der ersten Olive bis zum letzten Espresso.|"
     "De la première olive au dernier expresso.|De la primera aceituna al último café.|"
     "من أول زيتونة إلى آخر إسبريسو.",
     "antipasti", "italy basil truffle"},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

const struct demo_box demo_boxes[] = {
    {"gift-box-for-the-morning", "coffee-from-colombia honey-from-lake-constance mug-alma"},
    {"gift-box-for-the-evening", "herbal-tea-with-lavender candle-in-beeswax notebook-ida"},
    {"gift-box-for-children", "biscuits-with-oats coloured-pencils-for-children soap-with-honey"},
    {"gift-box-for-travelling", "hand-cream-with-honey toothbrush-in-bamboo towel-in-linen"},
    {NULL, NULL},
};

const struct demo_rate demo_rates[] = {
    {"MwSt. 19 %", "DE", "", "", "", 0, 190000},
    {"MwSt. 7 %", "DE", "", "", "food", 0, 70000},
    {"MwSt. 7 %", "DE", "", "", "books", 0, 70000},
    {"USt. 20 %", "AT", "", "", "", 0, 200000},
    {"USt. 10 %", "AT", "", "", "food", 0, 100000},
    {"USt. 10 %", "AT", "", "", "books", 0, 100000},
    {"TVA 20 %", "FR", "", "", "", 0, 200000},
    {"TVA 5,5 %", "FR", "", "", "food", 0, 55000},
    {"TVA 5,5 %", "FR", "", "", "books", 0, 55000},
    {"IVA 21 %", "ES", "", "", "", 0, 210000},
    {"IVA 10 %", "ES", "", "", "food", 0, 100000},
    {"IVA 4 %", "ES", "", "", "books", 0, 40000},
    {"Btw 21 %", "NL", "", "", "", 0, 210000},
    {"Btw 9 %", "NL", "", "", "food", 0, 90000},
    {"Btw 9 %", "NL", "", "", "books", 0, 90000},
    {"NY State 4 %", "US", "NY", "", "", 0, 40000},
    {"NY State 4 %", "US", "NY", "", "books", 0, 40000},
    {"New York City 4.5 %", "US", "NY", "100", "", 1, 45000},
    {"New York City 4.5 %", "US", "NY", "100", "books", 1, 45000},
    {NULL, NULL, NULL, NULL, NULL, 0, 0},
};

/* The first two are those of the demo's own orders, at home and abroad. */
const struct demo_way demo_ways[DEMO_METHODS] = {
    {"Parcel",
     "DE",
     {{.price_minor = 490},
      {.weight_g = 5000, .price_minor = 790},
      {.weight_g = 31500, .price_minor = TOTAL_NOT_OFFERED}},
     1,
     3,
     false},
    {"Parcel, Europe",
     "AT FR ES NL",
     {{.price_minor = 990},
      {.weight_g = 5000, .price_minor = 1590},
      {.weight_g = 31500, .price_minor = TOTAL_NOT_OFFERED}},
     3,
     6,
     false},
    {"Express",
     "DE",
     {{.price_minor = 1290},
      {.weight_g = 5000, .price_minor = 1890},
      {.weight_g = 31500, .price_minor = TOTAL_NOT_OFFERED}},
     1,
     1,
     false},
    {"Air parcel",
     "US",
     {{.price_minor = 2490},
      {.weight_g = 2000, .price_minor = 3990},
      {.weight_g = 20000, .price_minor = TOTAL_NOT_OFFERED}},
     7,
     14,
     false},
    {"Pick up at the shop",
     "DE",
     {{.price_minor = 0}, {.weight_g = 20000}, {.weight_g = 60000}},
     0,
     1,
     true},
};

const struct demo_offer demo_offers[DEMO_PROMOTIONS] = {
    {"Welcome: 10 % off",
     "WELCOME10",
     NULL,
     {.effect = TOTAL_PERCENT, .value = 100000, .uses_by_customer = {.max = 1}},
     false},
    {"Three loaves for the price of two",
     "",
     "bread",
     {.effect = TOTAL_BUY_GET, .value = TOTAL_WHOLE, .buy = 2, .get = 1, .priority = 10},
     false},
    {"Free shipping from 60",
     "",
     NULL,
     {.effect = TOTAL_SHIPPING, .value = TOTAL_WHOLE, .minimum_minor = 6000},
     true},
    {"Garden weeks: 15 % off seeds",
     "",
     "seeds",
     {.effect = TOTAL_PERCENT, .value = 150000, .priority = 5},
     false},
    {"Thank you: 5 off from 50",
     "THANKYOU5",
     NULL,
     {.effect = TOTAL_ORDER, .value = 500, .minimum_minor = 5000},
     true},
};

const struct demo_place demo_places[] = {
    {"DE", "de", "Anna|Lukas|Sophie|Jonas|Marie|Felix|Clara|Paul|Johanna|Moritz|Greta|Emil",
     "Keller|Brandt|Vogel|Lorenz|Sommer|Arnold|Winter|Busch|Kuhn|Pohl|Engel|Seidel",
     "Lindenstraße|Am Markt|Gartenweg|Schillerstraße|Bergstraße|Hafenstraße",
     "80331 München|10115 Berlin|20095 Hamburg|50667 Köln|04109 Leipzig|70173 Stuttgart"},
    {"DE", "en", "Oliver|Emma|George|Amelia|Harry|Grace", "Carter|Hughes|Bennett|Ward|Foster|Gray",
     "Goethestraße|Uferweg|Kastanienallee", "60311 Frankfurt|10117 Berlin|80469 München"},
    {"DE", "ar", "Layla|Omar|Yasmin|Karim|Nour|Sami", "Haddad|Nassar|Khalil|Mansour|Saleh|Aziz",
     "Sonnenallee|Hauptstraße|Rosenweg", "12045 Berlin|45127 Essen|28195 Bremen"},
    {"AT", "de", "Katharina|Stefan|Elisabeth|Tobias|Magdalena|Florian",
     "Gruber|Huber|Moser|Steiner|Leitner|Aigner", "Ringstraße|Mozartgasse|Donauweg",
     "1010 Wien|5020 Salzburg|8010 Graz|6020 Innsbruck"},
    {"FR", "fr", "Camille|Louis|Chloé|Hugo|Manon|Jules|Inès|Théo",
     "Moreau|Lefèvre|Girard|Fontaine|Chevalier|Marchand|Perrin|Roussel",
     "rue des Lilas|avenue Victor Hugo|place du Marché|quai des Brumes",
     "75011 Paris|69002 Lyon|33000 Bordeaux|67000 Strasbourg"},
    {"ES", "es", "Lucía|Mateo|Carmen|Álvaro|Elena|Diego|Marta|Javier",
     "García Molina|Romero|Navarro|Ortega|Serrano|Vidal|Campos|Reyes",
     "calle Mayor|calle del Olivo|paseo de Gracia|plaza Nueva",
     "28013 Madrid|08007 Barcelona|41001 Sevilla|46002 Valencia"},
    {"NL", "en", "Sanne|Daan|Lotte|Bram|Femke|Ruben",
     "de Vries|Bakker|Visser|Mulder|Dekker|van Dijk", "Keizersgracht|Dorpsstraat|Molenweg",
     "1016 Amsterdam|3511 Utrecht|9711 Groningen"},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
