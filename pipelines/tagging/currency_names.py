"""The names of the larger currencies in nine languages, first those of running text, then the Unicode CLDR's.

A line is an ISO 4217 code and the names it goes by; a line that starts with two
spaces continues the one before. A test holds the table against babel's copy of
the CLDR. Does no input or output.
"""

NAMES: dict[str, str] = {
    "en": """
GBP pound sterling, pounds sterling, sterling, pound, pounds, british pound, british pounds
USD dollar, dollars, U.S. dollars, US-dollar, US dollar, US dollars
EUR euro, euros
JPY yen, japanese yen
KRW won, south korean won
CNY yuan, renminbi, chinese yuan
TWD NT dollars, Taiwan dollars, Taiwanese dollars, new taiwan dollar, new taiwan dollars
HKD hong kong dollar, hong kong dollars
INR rupee, rupees, indian rupee, indian rupees
AUD Aussie dollars, australian dollar, australian dollars
CAD canadian dollar, canadian dollars
NZD new zealand dollar, new zealand dollars
SGD singapore dollar, singapore dollars
CHF francs, swiss franc, swiss francs
SEK kronor, swedish krona, swedish kronor
NOK norwegian krone, norwegian kroner
DKK danish krone, danish kroner
PLN zlotys, polish zloty, polish zlotys
CZK czech koruna, czech korunas
HUF hungarian forint, hungarian forints
BRL reais, brazilian real, brazilian reals
MXN mexican peso, mexican pesos
SAR riyals, saudi riyal, saudi riyals
AED dirhams, uae dirham, uae dirhams
QAR qatari riyal, qatari riyals
KWD kuwaiti dinar, kuwaiti dinars
ILS shekels, israeli new shekel, israeli new shekels
TRY turkish lira
ZAR rand, south african rand
THB baht, thai baht
VND vietnamese dong
IDR indonesian rupiah, indonesian rupiahs
MYR malaysian ringgit, malaysian ringgits
""",
    "fr": """
GBP livre, livres, livre britannique, livres britanniques, livre sterling, livres sterling
USD dollar, dollars, dollar américain, dollars américains, dollars US, dollar des états-unis, dollars des
  états-unis
EUR euro, euros
JPY yen, yens, yen japonais, yens japonais
KRW won, wons, won sud-coréen, wons sud-coréens
CNY yuan, yuans, yuan renminbi chinois, yuans renminbi chinois
TWD dollars taïwanais, nouveau dollar taïwanais, nouveaux dollars taïwanais
HKD dollar de hong kong, dollars de hong kong
INR roupies, roupie indienne, roupies indiennes
AUD dollar australien, dollars australiens
CAD dollar canadien, dollars canadiens
NZD dollar néo-zélandais, dollars néo-zélandais
SGD dollar de singapour, dollars de singapour
CHF francs suisses, franc suisse
SEK couronne suédoise, couronnes suédoises
NOK couronne norvégienne, couronnes norvégiennes
DKK couronne danoise, couronnes danoises
PLN zloty polonais, zlotys polonais
CZK couronne tchèque, couronnes tchèques
HUF forint hongrois, forints hongrois
BRL reais, réal brésilien, réals brésiliens
MXN peso mexicain, pesos mexicains
SAR riyal saoudien, riyals saoudiens
AED dirham des émirats arabes unis, dirhams des émirats arabes unis
QAR riyal qatari, riyals qataris
KWD dinar koweïtien, dinar koweïtiens
ILS nouveau shekel israélien, nouveaux shekels israéliens
TRY livre turque, livres turques
ZAR rand sud-africain, rands sud-africains
THB baht thaïlandais, bahts thaïlandais
VND dông vietnamien, dôngs vietnamiens
IDR roupie indonésienne, roupies indonésiennes
MYR ringgit malais, ringgits malais
""",
    "de": """
GBP Pfund, Pfund Sterling, britische Pfund, Britisches Pfund
USD Dollar, US-Dollar, amerikanische Dollar
EUR Euro
JPY Yen, Japanischer Yen, Japanische Yen
KRW Won, Südkoreanischer Won, Südkoreanische Won
CNY Yuan, Renminbi, Chinesischer Yuan, Renminbi Yuan
TWD Taiwan-Dollar, taiwanische Dollar, Neuer Taiwan-Dollar, Neue Taiwan-Dollar
HKD Hongkong-Dollar
INR Rupien, Indische Rupie, Indische Rupien
AUD australische Dollar, Australischer Dollar
CAD kanadische Dollar, Kanadischer Dollar
NZD Neuseeland-Dollar
SGD Singapur-Dollar
CHF Franken, Schweizer Franken
SEK Kronen, Schwedische Krone, Schwedische Kronen
NOK Norwegische Krone, Norwegische Kronen
DKK Dänische Krone, Dänische Kronen
PLN Polnischer Złoty, Polnische Złoty
CZK Tschechische Krone, Tschechische Kronen
HUF Ungarischer Forint, Ungarische Forint
BRL Reais, Brasilianischer Real, Brasilianische Real
MXN Mexikanischer Peso, Mexikanische Pesos
SAR Saudi-Rial
AED VAE-Dirham
QAR Katar-Riyal
KWD Kuwait-Dinar
ILS Israelischer Neuer Schekel, Israelische Neue Schekel
TRY Türkische Lira
ZAR Südafrikanischer Rand, Südafrikanische Rand
THB Thailändischer Baht, Thailändische Baht
VND Vietnamesischer Dong, Vietnamesische Dong
IDR Indonesische Rupiah
MYR Malaysischer Ringgit, Malaysische Ringgit
""",
    "es": """
GBP libra, libras, libras británicas, libra esterlina, libras esterlinas
USD dólar, dólares, dólares americanos, dólar estadounidense, dólares estadounidenses
EUR euro, euros
JPY yen, yenes, yen japonés, yenes japoneses
KRW won, wones, won surcoreano, wons surcoreanos
CNY yuan, yuanes, yuan renminbi, yuanes renminbi
TWD dólares taiwaneses, nuevo dólar taiwanés, nuevos dólares taiwaneses
HKD dólar hongkonés, dólares hongkoneses
INR rupias, rupia india, rupias indias
AUD dólar australiano, dólares australianos
CAD dólar canadiense, dólares canadienses
NZD dólar neozelandés, dólares neozelandeses
SGD dólar singapurense, dólares singapurenses
CHF francos suizos, franco suizo
SEK corona sueca, coronas suecas
NOK corona noruega, coronas noruegas
DKK corona danesa, coronas danesas
PLN esloti polaco, eslotis polacos
CZK corona checa, coronas checas
HUF forinto húngaro, forintos húngaros
BRL reales, real brasileño, reales brasileños
MXN peso mexicano, pesos mexicanos
SAR rial saudí, riales saudíes
AED dírham de los emiratos árabes unidos, dírhams de los emiratos árabes unidos
QAR rial catarí, riales cataríes
KWD dinar kuwaití, dinares kuwaitíes
ILS nuevo séquel israelí, nuevos séqueles israelíes
TRY lira turca, liras turcas
ZAR rand sudafricano, rands sudafricanos
THB bat tailandés, bats tailandeses
VND dong vietnamita, dongs vietnamitas
IDR rupia indonesia, rupias indonesias
MYR ringit malasio, ringits malasios
""",
    "it": """
GBP sterlina, sterline, lira sterlina, lire sterline, sterlina britannica, sterline britanniche
USD dollaro, dollari, dollari americani, dollari USA, dollaro statunitense, dollari statunitensi
EUR euro
JPY yen, yen giapponese, yen giapponesi
KRW won, won sudcoreano, won sudcoreani
CNY yuan, yuan cinese, yuan cinesi
TWD dollari taiwanesi, nuovo dollaro taiwanese, nuovi dollari taiwanesi
HKD dollaro di hong kong, dollari di hong kong
INR rupie, rupia indiana, rupie indiane
AUD dollaro australiano, dollari australiani
CAD dollaro canadese, dollari canadesi
NZD dollaro neozelandese, dollari neozelandesi
SGD dollaro di singapore, dollari di singapore
CHF franchi svizzeri, franchi, franco svizzero
SEK corona svedese, corone svedesi
NOK corona norvegese, corone norvegesi
DKK corona danese, corone danesi
PLN zloty polacco, zloty polacchi
CZK corona ceca, corone ceche
HUF fiorino ungherese, fiorini ungheresi
BRL reais, real brasiliano, real brasiliani
MXN peso messicano, pesos messicani
SAR riyal saudita, riyal sauditi
AED dirham degli eau
QAR rial qatariano, rial qatariani
KWD dinaro kuwaitiano, dinari kuwaitiani
ILS nuovo siclo israeliano, nuovi sicli israeliani
TRY lira turca, lire turche
ZAR rand sudafricano, rand sudafricani
THB baht thailandese, baht thailandesi
VND dong vietnamita, dong vietnamiti
IDR rupia indonesiana, rupie indonesiane
MYR ringgit malese, ringgit malesi
""",
    "pt": """
GBP libra, libras, libras britânicas, libra esterlina, libras esterlinas, libra esterlina britânica, libras
  esterlinas britânicas
USD dólar, dólares, dólares dos EUA, dólar americano, dólares americanos, dólar dos estados unidos, dólares dos
  estados unidos
EUR euro, euros
JPY iene, ienes, iene japonês, ienes japoneses
KRW won, wons, won sul-coreano, wons sul-coreanos, wons sul-coreano
CNY yuan, yuans, yuan chinês, yuans chineses
TWD dólares taiwaneses, novo dólar taiwanês, novos dólares taiwaneses
HKD dólar de hong kong, dólares de hong kong
INR rúpias, rupia indiana, rupias indianas
AUD dólar australiano, dólares australianos
CAD dólar canadense, dólares canadenses, dólar canadiano, dólares canadianos
NZD dólar neozelandês, dólares neozelandeses
SGD dólar singapuriano, dólares singapurianos
CHF francos suíços, franco suíço
SEK coroa sueca, coroas suecas
NOK coroa norueguesa, coroas norueguesas
DKK coroa dinamarquesa, coroas dinamarquesas
PLN zloty polonês, zlotys poloneses, zloti polaco, zlotis polacos
CZK coroa tcheca, coroas tchecas, coroa checa, coroas checas
HUF florim húngaro, florins húngaros, forint húngaro, forints húngaros
BRL real, reais, real brasileiro, reais brasileiros
MXN peso mexicano, pesos mexicanos
SAR riyal saudita, riyales sauditas, rial saudita, riais sauditas
AED dirham dos eau, dirhams dos eau, dirham dos emirados árabes unidos, sdirham dos emirados árabes unidos
QAR rial catariano, riales catarianos, rial catarense, riais catarenses
KWD dinar kuwaitiano, dinares kuwaitianos
ILS novo shekel israelense, novos shekels israelenses, sheqel novo israelita, sheqels novos israelitas
TRY lira turca, liras turcas
ZAR rand sul-africano, rands sul-africanos
THB baht tailandês, bahts tailandeses
VND dong vietnamita, dongs vietnamitas
IDR rupia indonésia, rupias indonésias
MYR ringgit malaio, ringgits malaios
""",
    "ja": """
GBP ポンド, 英ポンド, スターリング・ポンド, 英国ポンド
USD ドル, アメリカドル, 米ドル
EUR ユーロ
JPY 円
KRW ウォン, 韓国ウォン
CNY 元, 人民元, 中国人民元
TWD 台湾ドル, ニュー台湾ドル, 新台湾ドル
HKD 香港ドル
INR ルピー, インド ルピー
AUD 豪ドル, オーストラリアドル, オーストラリア ドル
CAD 加ドル, カナダドル, カナダ ドル
NZD ニュージーランド ドル
SGD シンガポールドル, シンガポール ドル
CHF スイスフラン, スイス フラン
SEK スウェーデン クローナ
NOK ノルウェー クローネ
DKK デンマーク クローネ
PLN ポーランド ズウォティ
CZK チェコ コルナ
HUF ハンガリー フォリント
BRL ブラジル レアル
MXN メキシコ ペソ
SAR サウジ リヤル
AED UAE ディルハム
QAR カタール リアル
KWD クウェート ディナール
ILS イスラエル新シェケル
TRY トルコ リラ
ZAR 南アフリカ ランド
THB タイ バーツ
VND ベトナム ドン
IDR インドネシア ルピア
MYR マレーシア リンギット
""",
    "ko": """
GBP 파운드, 영국파운드, 영국 파운드
USD 달러, 미국달러, 미 달러, 미국 달러
EUR 유로
JPY 엔, 엔화, 일본 엔화
KRW 원, 대한민국 원
CNY 위안, 위안화, 중국 위안화
TWD 대만 달러, 신 타이완 달러
HKD 홍콩 달러
INR 루피, 인도 루피
AUD 호주 달러
CAD 캐나다 달러
NZD 뉴질랜드 달러
SGD 싱가포르 달러
CHF 스위스 프랑
SEK 스웨덴 크로나
NOK 노르웨이 크로네
DKK 덴마크 크로네
PLN 폴란드 즈워티
CZK 체코 코루나
HUF 헝가리 포린트
BRL 브라질 레알
MXN 멕시코 페소
SAR 사우디아라비아 리얄
AED 아랍에미리트 디르함
QAR 카타르 리얄
KWD 쿠웨이트 디나르
ILS 이스라엘 신권 세켈
TRY 튀르키예 리라
ZAR 남아프리카 랜드
THB 태국 바트
VND 베트남 동
IDR 인도네시아 루피아
MYR 말레이시아 링깃
""",
    "zh": """
GBP 英镑, 英鎊
USD 美元, 美金
EUR 欧元, 歐元
JPY 日元, 日圓, 日圆
KRW 韩元, 韓元, 韓圜, 韩圆, 韓圓
CNY 人民币, 人民幣, 元人民币, 元人民幣
TWD 新台币, 新台幣, 新臺幣, 台幣, 元新台幣, 元新臺幣
HKD 港元, 港币, 港幣
INR 卢比, 盧比, 印度卢比, 印度盧比
AUD 澳元, 澳大利亚元, 澳幣
CAD 加元, 加幣, 加拿大元
NZD 新西兰元, 紐西蘭幣
SGD 新加坡元, 新元, 星幣, 新加坡幣
CHF 瑞士法郎
SEK 瑞典克朗
NOK 挪威克朗
DKK 丹麦克朗, 丹麥克朗
PLN 波兰兹罗提, 波蘭茲羅提
CZK 捷克克朗
HUF 匈牙利福林
BRL 巴西雷亚尔, 巴西雷亞爾
MXN 墨西哥比索, 墨西哥披索
SAR 沙特里亚尔, 沙烏地里亞爾
AED 阿联酋迪拉姆, 阿拉伯聯合大公國迪爾汗
QAR 卡塔尔里亚尔, 卡達里亞爾
KWD 科威特第纳尔, 科威特第納爾
ILS 以色列新谢克尔, 以色列新謝克爾
TRY 土耳其里拉
ZAR 南非兰特, 南非蘭特
THB 泰铢, 泰銖
VND 越南盾
IDR 印度尼西亚卢比, 印尼盾
MYR 马来西亚林吉特, 馬來西亞令吉
""",
}
