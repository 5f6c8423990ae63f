/* The demo company's categories. Names and words: English|German|French|Spanish|Arabic. */
#include "shop/demo_inside.h"

/* A shelf without brands has those of its parent. */
const struct demo_shelf demo_shelves[] = {
    {"bakery", "", "drawn:basket:1", "Bakery|Bäckerei|Boulangerie|Panadería|المخبز",
     "Baked every night, on the shelf by six.|Jede Nacht gebacken, um sechs im Regal.|"
     "Cuit chaque nuit, en rayon à six heures.|Horneado cada noche, en la tienda a las seis.|"
     "يُخبز كل ليلة ويصل إلى الرف عند السادسة.",
     "Lindenhof;Bäckerei Amsel;Mühle am Bach"},
    {"bread", "bakery", "drawn:loaf:1", "Bread|Brot|Pain|Pan|خبز",
     "Flour, water, salt and a day of patience.|Mehl, Wasser, Salz und ein Tag Geduld.|"
     "De la farine, de l’eau, du sel et une journée de patience.|"
     "Harina, agua, sal y un día de paciencia.|دقيق وماء وملح ويوم كامل من الصبر.",
     ""},
    {"rolls", "bakery", "drawn:roll:2", "Rolls|Brötchen|Petits pains|Panecillos|صمون",
     "Crisp outside, soft inside, best within the day.|"
     "Außen knusprig, innen weich, am besten noch am selben Tag.|"
     "Croustillant dehors, moelleux dedans, à savourer le jour même.|"
     "Crujiente por fuera, tierno por dentro, mejor en el mismo día.|"
     "مقرمش من الخارج وطري من الداخل، والأفضل تناوله في اليوم نفسه.",
     ""},
    {"pastries", "bakery", "drawn:croissant:0", "Pastries|Feingebäck|Viennoiseries|Bollería|معجنات",
     "Folded by hand and baked golden.|Von Hand gefaltet und goldgelb gebacken.|"
     "Plié à la main et doré au four.|Doblado a mano y horneado hasta dorarse.|"
     "يُطوى يدويًا ويُخبز حتى يصير ذهبيًا.",
     ""},
    {"cakes", "bakery", "drawn:cake:0",
     "Cakes and tarts|Torten und Kuchen|Gâteaux et tartes|Tartas|كعك",
     "Made to order, ready to be fetched from noon on.|"
     "Auf Bestellung gemacht, ab mittags abholbereit.|Fait sur commande, à retirer dès midi.|"
     "Hecho por encargo, listo desde el mediodía.|يُحضَّر حسب الطلب ويمكن استلامه من الظهر.",
     ""},
    {"coffee-and-tea", "", "drawn:mug:2",
     "Coffee and tea|Kaffee und Tee|Café et thé|Café y té|القهوة والشاي",
     "Roasted and blended in small lots.|In kleinen Mengen geröstet und gemischt.|"
     "Torréfié et assemblé en petits lots.|Tostado y mezclado en pequeños lotes.|"
     "تحميص ومزج بكميات صغيرة.",
     "Rösterei Kranich;Casa Mirlo;Thé du Quai"},
    {"coffee", "coffee-and-tea", "drawn:coffee:0", "Coffee|Kaffee|Café|Café|قهوة",
     "Roasted on Tuesdays, in your hands by Friday.|Dienstags geröstet, freitags bei Ihnen.|"
     "Torréfié le mardi, chez vous le vendredi.|Tostado el martes, en casa el viernes.|"
     "يُحمَّص يوم الثلاثاء ويصلك يوم الجمعة.",
     "Rösterei Kranich;Casa Mirlo"},
    {"tea", "coffee-and-tea", "drawn:tea:0", "Tea|Tee|Thé|Té|شاي",
     "Whole leaves in a tin that keeps the scent.|"
     "Ganze Blätter in einer Dose, die den Duft hält.|"
     "Des feuilles entières dans une boîte qui garde l’arôme.|"
     "Hojas enteras en una lata que guarda el aroma.|أوراق كاملة في علبة تحفظ الرائحة.",
     "Thé du Quai;Kontor Nebel"},
    {"sweets", "coffee-and-tea", "drawn:chocolate:0", "Sweets|Süßes|Douceurs|Dulces|حلويات",
     "Something small beside the cup.|Eine Kleinigkeit zur Tasse.|"
     "Une petite douceur à côté de la tasse.|Algo pequeño junto a la taza.|"
     "شيء صغير إلى جانب الفنجان.",
     "Confiserie Amarell;Casa Mirlo"},
    {"deli", "", "drawn:cheese:0",
     "Cheese and deli|Käse und Feinkost|Fromages et épicerie fine|Quesos y delicatessen|"
     "الأجبان والمأكولات الفاخرة",
     "From dairies and kitchens that we know by name.|"
     "Von Käsereien und Küchen, die wir beim Namen kennen.|"
     "De fromageries et de cuisines que nous connaissons par leur nom.|"
     "De queserías y cocinas que conocemos por su nombre.|من معامل ومطابخ نعرفها بأسمائها.",
     "Alpsennerei Rautal;Ca’ Verde;Maison Bellerive"},
    {"cheese", "deli", "drawn:wheel:1", "Cheese|Käse|Fromage|Queso|جبن",
     "Cut from the wheel on the day it leaves us.|"
     "An dem Tag vom Laib geschnitten, an dem er uns verlässt.|"
     "Coupé à la meule le jour de l’envoi.|Cortado de la rueda el día en que sale.|"
     "يُقطع من القرص يوم إرساله.",
     "Alpsennerei Rautal;Maison Bellerive"},
    {"sausage", "deli", "drawn:sausage:0",
     "Sausage and ham|Wurst und Schinken|Charcuterie|Embutidos|نقانق",
     "Air-dried slowly, without haste and without colouring.|"
     "Langsam luftgetrocknet, ohne Eile und ohne Farbstoff.|"
     "Séché lentement à l’air, sans hâte et sans colorant.|"
     "Curado al aire lentamente, sin prisa y sin colorantes.|"
     "يُجفَّف ببطء في الهواء ومن دون ملوّنات.",
     "Metzgerei Hofer;Ca’ Verde"},
    {"antipasti", "deli", "drawn:olives:0", "Antipasti|Antipasti|Antipasti|Aperitivos|مقبلات",
     "For the table before the meal, or instead of it.|"
     "Für den Tisch vor dem Essen, oder statt dessen.|"
     "Pour la table avant le repas, ou à sa place.|Para la mesa antes de comer, o en su lugar.|"
     "للمائدة قبل الوجبة أو بدلًا منها.",
     "Ca’ Verde;Olivar Viejo"},
    {"pantry", "deli", "drawn:pasta:0", "Pantry|Vorrat|Épicerie|Despensa|المؤونة",
     "Keeps for months and saves many an evening.|Hält Monate und rettet manchen Abend.|"
     "Se garde des mois et sauve bien des soirées.|Se conserva meses y salva muchas noches.|"
     "يُحفظ شهورًا وينقذ أمسيات كثيرة.",
     "Ca’ Verde;Olivar Viejo;Hof Sonnenau"},
    {"fruit-and-vegetables", "", "drawn:carrot:0",
     "Fruit and vegetables|Obst und Gemüse|Fruits et légumes|Frutas y verduras|الفواكه والخضروات",
     "What the market has this week.|Was der Markt diese Woche hat.|"
     "Ce que le marché offre cette semaine.|Lo que trae el mercado esta semana.|"
     "ما يقدمه السوق هذا الأسبوع.",
     "Hof Sonnenau;Gärtnerei Ebert"},
    {"fruit", "fruit-and-vegetables", "drawn:apple:0", "Fruit|Obst|Fruits|Fruta|فواكه",
     "Picked ripe and packed the same morning.|Reif gepflückt und am selben Morgen gepackt.|"
     "Cueilli mûr et emballé le matin même.|Recogido maduro y envasado esa misma mañana.|"
     "يُقطف ناضجًا ويُعبأ في الصباح نفسه.",
     ""},
    {"vegetables", "fruit-and-vegetables", "drawn:tomato:0",
     "Vegetables|Gemüse|Légumes|Verduras|خضروات",
     "Grown in soil, brought in crates.|In Erde gewachsen, in Kisten gebracht.|"
     "Cultivé en pleine terre, livré en cagette.|Cultivado en tierra, traído en cajas.|"
     "مزروع في التربة ويصل في صناديق.",
     ""},
    {"roots", "fruit-and-vegetables", "drawn:potatoes:0",
     "Potatoes and onions|Kartoffeln und Zwiebeln|Pommes de terre et oignons|Patatas y cebollas|"
     "بطاطس وبصل",
     "Keeps well in a cool, dark place.|Hält sich kühl und dunkel gelagert lange.|"
     "Se garde bien au frais et à l’ombre.|Se conserva bien en un lugar fresco y oscuro.|"
     "يُحفظ جيدًا في مكان بارد ومظلم.",
     ""},
    {"pharmacy", "", "drawn:pillbox:0", "Pharmacy|Apotheke|Pharmacie|Farmacia|الصيدلية",
     "Without prescription, with advice by telephone.|Ohne Rezept, mit Beratung am Telefon.|"
     "Sans ordonnance, avec conseil par téléphone.|Sin receta, con consejo por teléfono.|"
     "من دون وصفة، مع استشارة هاتفية.",
     "Salvia Pharma;Nordapo;Quellmed"},
    {"colds", "pharmacy", "drawn:syrup:0",
     "Cough and cold|Erkältung|Toux et rhume|Tos y resfriado|السعال والزكام",
     "For the days on which a cold takes hold. Read the package leaflet before use.|"
     "Für die Tage, an denen eine Erkältung sitzt. Vor Gebrauch die Packungsbeilage lesen.|"
     "Pour les jours où le rhume s’installe. Lire la notice avant emploi.|"
     "Para los días de resfriado. Lea el prospecto antes de usar.|"
     "لأيام الزكام. اقرأ النشرة قبل الاستعمال.",
     ""},
    {"pain", "pharmacy", "drawn:pillbox:2",
     "Pain and fever|Schmerzen und Fieber|Douleur et fièvre|Dolor y fiebre|الألم والحمى",
     "For mild pain, for three days at most without advice. Read the package leaflet before "
     "use.|"
     "Bei leichten Schmerzen, ohne Rat höchstens drei Tage. Vor Gebrauch die Packungsbeilage "
     "lesen.|"
     "Contre les douleurs légères, trois jours au plus sans avis. Lire la notice avant emploi.|"
     "Para dolores leves, tres días como máximo sin consejo. Lea el prospecto antes de usar.|"
     "للآلام الخفيفة، ثلاثة أيام على الأكثر من دون استشارة. اقرأ النشرة قبل الاستعمال.",
     ""},
    {"stomach", "pharmacy", "drawn:pillbox:3", "Stomach|Magen und Darm|Digestion|Estómago|المعدة",
     "Gentle help when a meal was too much. Read the package leaflet before use.|"
     "Sanfte Hilfe, wenn ein Essen zu viel war. Vor Gebrauch die Packungsbeilage lesen.|"
     "Une aide douce quand le repas fut trop copieux. Lire la notice avant emploi.|"
     "Ayuda suave cuando la comida fue demasiado. Lea el prospecto antes de usar.|"
     "مساعدة لطيفة عندما تكون الوجبة ثقيلة. اقرأ النشرة قبل الاستعمال.",
     ""},
    {"first-aid", "pharmacy", "drawn:plaster:0",
     "First aid|Erste Hilfe|Premiers soins|Primeros auxilios|الإسعافات الأولية",
     "What a household drawer should hold.|Was in jede Hausapotheke gehört.|"
     "Ce que tout tiroir de la maison devrait contenir.|Lo que debe haber en todo botiquín.|"
     "ما ينبغي أن يكون في كل بيت.",
     ""},
    {"vitamins", "pharmacy", "drawn:pillbox:5", "Vitamins|Vitamine|Vitamines|Vitaminas|الفيتامينات",
     "A supplement, no substitute for varied food.|"
     "Eine Ergänzung, kein Ersatz für abwechslungsreiches Essen.|"
     "Un complément, qui ne remplace pas une alimentation variée.|"
     "Un complemento que no sustituye una dieta variada.|مكمل لا يغني عن الغذاء المتنوع.",
     ""},
    {"kitchen", "", "drawn:pot:0", "Kitchen|Küche|Cuisine|Cocina|المطبخ",
     "Tools that outlast fashions.|Werkzeug, das Moden überdauert.|"
     "Des outils qui survivent aux modes.|Utensilios que duran más que las modas.|"
     "أدوات تدوم أطول من الموضة.",
     "Werkstatt Holm;Fornello;Atelier Grège"},
    {"tableware", "kitchen", "drawn:bowl:0", "Tableware|Geschirr|Vaisselle|Vajilla|أدوات المائدة",
     "Thrown, glazed and fired in a small pottery; safe in the dishwasher.|"
     "In einer kleinen Töpferei gedreht, glasiert und gebrannt; spülmaschinenfest.|"
     "Tourné, émaillé et cuit dans un petit atelier ; passe au lave-vaisselle.|"
     "Torneado, esmaltado y cocido en un pequeño taller; apto para lavavajillas.|"
     "يُشكَّل ويُطلى ويُحرق في ورشة صغيرة، ويصلح لغسالة الصحون.",
     ""},
    {"cookware", "kitchen", "drawn:pan:0",
     "Pots and pans|Töpfe und Pfannen|Casseroles et poêles|Ollas y sartenes|قدور ومقالي",
     "Even heat on every stove, induction too.|"
     "Gleichmäßige Hitze auf jedem Herd, auch Induktion.|"
     "Une chaleur égale sur tous les feux, induction comprise.|"
     "Calor uniforme en todas las cocinas, también de inducción.|حرارة متساوية على كل موقد.",
     ""},
    {"kitchen-tools", "kitchen", "drawn:board:0",
     "Knives and boards|Messer und Bretter|Couteaux et planches|Cuchillos y tablas|سكاكين وألواح",
     "Sharp, well balanced, and easy to care for.|Scharf, ausgewogen und leicht zu pflegen.|"
     "Tranchant, équilibré et facile d’entretien.|Afilado, equilibrado y fácil de cuidar.|"
     "حاد ومتوازن وسهل العناية.",
     ""},
    {"textiles", "", "drawn:towel:0",
     "Home textiles|Heimtextilien|Linge de maison|Textiles del hogar|منسوجات المنزل",
     "Woven close by, washed soft.|In der Nähe gewebt, weich gewaschen.|"
     "Tissé tout près, lavé pour être doux.|Tejido cerca, lavado suave.|"
     "منسوج بالقرب منا ومغسول ليكون ناعمًا.",
     "Weberei Föhr;Lino Claro;Tissages du Lac"},
    {"towels", "textiles", "drawn:towel:4", "Towels|Handtücher|Serviettes|Toallas|مناشف",
     "Thirsty from the first wash, and still after the hundredth.|"
     "Saugt vom ersten Waschen an, und nach dem hundertsten noch.|"
     "Absorbe dès le premier lavage, et encore après le centième.|"
     "Absorbe desde el primer lavado y aún tras el centésimo.|تمتص الماء من أول غسلة وحتى المئة.",
     ""},
    {"bedroom", "textiles", "drawn:bedding:0", "Bedroom|Schlafzimmer|Chambre|Dormitorio|غرفة النوم",
     "Cool in summer, warm in winter.|Im Sommer kühl, im Winter warm.|"
     "Frais en été, chaud en hiver.|Fresco en verano, cálido en invierno.|"
     "بارد صيفًا ودافئ شتاءً.",
     ""},
    {"living-room", "textiles", "drawn:cushion:0", "Living room|Wohnzimmer|Salon|Salón|غرفة الجلوس",
     "For the sofa, the reading chair and the long evening.|"
     "Für das Sofa, den Lesesessel und den langen Abend.|"
     "Pour le canapé, le fauteuil et la longue soirée.|"
     "Para el sofá, el sillón y la larga velada.|للأريكة وكرسي القراءة والأمسية الطويلة.",
     ""},
    {"stationery", "", "drawn:pencils:0",
     "Stationery and books|Schreibwaren und Bücher|Papeterie et livres|Papelería y libros|"
     "القرطاسية والكتب",
     "For thoughts that want to be kept.|Für Gedanken, die bleiben sollen.|"
     "Pour les pensées qu’on veut garder.|Para ideas que quieren quedarse.|"
     "لأفكار تستحق أن تُحفظ.",
     "Papierhaus Sund;Tinta;Éditions du Phare"},
    {"notebooks", "stationery", "drawn:notebook:0", "Notebooks|Notizbücher|Carnets|Cuadernos|دفاتر",
     "Lies flat when open; takes ink without bleeding.|"
     "Liegt offen flach und nimmt Tinte, ohne zu verlaufen.|"
     "S’ouvre à plat et prend l’encre sans baver.|Se abre plano y recibe la tinta sin correrse.|"
     "يُفتح مسطحًا ويتقبل الحبر من دون تسرب.",
     ""},
    {"writing", "stationery", "drawn:pen:0", "Writing|Schreibgeräte|Écriture|Escritura|الكتابة",
     "Well weighted, refillable, made to be repaired.|"
     "Gut in der Hand, nachfüllbar, zum Reparieren gemacht.|"
     "Bien équilibré, rechargeable, fait pour être réparé.|"
     "Bien equilibrado, recargable y fácil de reparar.|متوازن وقابل للتعبئة والإصلاح.",
     ""},
    {"books", "stationery", "drawn:book:0", "Books|Bücher|Livres|Libros|كتب",
     "Sewn binding, good paper, a ribbon to find the page again.|"
     "Fadenheftung, gutes Papier, ein Band für die Seite.|"
     "Reliure cousue, beau papier, un ruban pour retrouver la page.|"
     "Encuadernación cosida, buen papel y una cinta para volver a la página.|"
     "تجليد مخيط وورق جيد وشريط يحفظ الصفحة.",
     "Éditions du Phare;Verlag am Sund;Tinta"},
    {"garden", "", "drawn:plant:0", "Garden|Garten|Jardin|Jardín|الحديقة",
     "For beds, balconies and window sills.|Für Beete, Balkone und Fensterbänke.|"
     "Pour les massifs, les balcons et les rebords.|Para arriates, balcones y alféizares.|"
     "للأحواض والشرفات والنوافذ.",
     "Gärtnerei Ebert;Verdello"},
    {"plants", "garden", "drawn:flowers:0", "Plants|Pflanzen|Plantes|Plantas|نباتات",
     "Grown without peat and sent with moist roots.|"
     "Torffrei gezogen und mit feuchten Wurzeln verschickt.|"
     "Cultivé sans tourbe et expédié racines humides.|"
     "Cultivado sin turba y enviado con raíces húmedas.|تُزرع من دون خُثّ وتُرسل بجذور رطبة.",
     ""},
    {"seeds", "garden", "drawn:seeds:0", "Seeds|Saatgut|Graines|Semillas|بذور",
     "True to seed: what you harvest can be sown again.|"
     "Samenfest: Geerntetes kann wieder gesät werden.|"
     "Reproductible : ce que l’on récolte peut être ressemé.|"
     "Semilla estable: lo cosechado puede volver a sembrarse.|"
     "ثابتة الصفات، ويمكن زرع ما تحصده من جديد.",
     ""},
    {"gardening", "garden", "drawn:wateringcan:0",
     "Garden tools|Gartengeräte|Outils de jardin|Herramientas de jardín|أدوات الحديقة",
     "Made for many springs.|Für viele Frühlinge gemacht.|Fait pour bien des printemps.|"
     "Hecho para muchas primaveras.|مصنوعة لتدوم مواسم كثيرة.",
     ""},
    {"care", "", "drawn:pump:0",
     "Personal care|Körperpflege|Soins du corps|Cuidado personal|العناية الشخصية",
     "Few ingredients, all of them named.|Wenige Zutaten, alle benannt.|"
     "Peu d’ingrédients, tous nommés.|Pocos ingredientes, todos con nombre.|"
     "مكونات قليلة وكلها مذكورة.",
     "Seifenwerk Moos;Salvia Pharma;Olivette"},
    {"soaps", "care", "drawn:soap:0", "Soap|Seife|Savon|Jabón|صابون",
     "Stirred cold and dried for six weeks.|Kalt gerührt und sechs Wochen getrocknet.|"
     "Saponifié à froid et séché six semaines.|Elaborado en frío y curado seis semanas.|"
     "يُحضَّر على البارد ويجفف ستة أسابيع.",
     ""},
    {"face", "care", "drawn:cream:0", "Face|Gesicht|Visage|Rostro|الوجه",
     "Light on the skin, without perfume that stays.|Leicht auf der Haut, ohne bleibenden Duft.|"
     "Léger sur la peau, sans parfum tenace.|Ligero en la piel, sin perfume persistente.|"
     "خفيف على البشرة ومن دون عطر ثقيل.",
     ""},
    {"body", "care", "drawn:tube:0",
     "Body and hair|Körper und Haar|Corps et cheveux|Cuerpo y cabello|الجسم والشعر",
     "For every day, and for all who share the bathroom.|"
     "Für jeden Tag und alle, die das Bad teilen.|"
     "Pour tous les jours et pour toute la salle de bains.|Para cada día y para todos en casa.|"
     "لكل يوم ولكل أفراد البيت.",
     ""},
    {"home", "", "drawn:lamp:0",
     "Home and play|Wohnen und Spielen|Maison et jeux|Hogar y juego|المنزل واللعب",
     "Small things that make rooms kinder.|Kleine Dinge, die Räume freundlicher machen.|"
     "De petites choses qui adoucissent les pièces.|"
     "Pequeñas cosas que hacen más amables las habitaciones.|أشياء صغيرة تجعل الغرف ألطف.",
     "Werkstatt Holm;Lumo;Kleine Bühne"},
    {"light", "home", "drawn:candle:0", "Light|Licht|Lumière|Luz|الإضاءة",
     "Warm light for the hours after work.|Warmes Licht für den Feierabend.|"
     "Une lumière chaude pour les heures du soir.|Luz cálida para después del trabajo.|"
     "ضوء دافئ لساعات المساء.",
     "Lumo;Werkstatt Holm"},
    {"toys", "home", "drawn:toy:0", "Toys|Spielzeug|Jouets|Juguetes|ألعاب",
     "Wood from nearby forests, colours that may be chewed.|"
     "Holz aus nahen Wäldern, Farben, an denen man kauen darf.|"
     "Bois des forêts voisines, couleurs sans danger.|"
     "Madera de bosques cercanos, colores seguros.|خشب من غابات قريبة وألوان آمنة.",
     "Kleine Bühne;Werkstatt Holm"},
    {"gift-boxes", "home", "drawn:gift:3",
     "Gift boxes|Geschenkboxen|Coffrets cadeaux|Cajas de regalo|علب الهدايا",
     "Chosen by us, packed by hand, and cheaper than its parts.|"
     "Von uns gewählt, von Hand gepackt und günstiger als die Teile.|"
     "Choisi par nous, emballé à la main et moins cher que ses parties.|"
     "Elegido por nosotros, envuelto a mano y más barato que sus partes.|"
     "نختارها ونغلفها باليد وبسعر أقل من محتوياتها.",
     "Haus Stoa"},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
