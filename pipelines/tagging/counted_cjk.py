"""What a number counts in Japanese, Korean and Chinese: GPUs, jobs, people or companies. Does no input or output.

Measure words lead to the noun ("512 顆 NVIDIA Blackwell GPU", "1,800社以上"), or the
noun stands before the number ("GPU 12만 개", "일자리 1,500개"). A measure word that
several kinds share needs its noun within a few characters, on either side.
"""

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Measure:
    """One way to count: what stands after the number, and what must stand before it, if anything."""

    kind: str
    after: re.Pattern[str]
    before: re.Pattern[str] | None = None


# Latin and katakana words that may stand between a measure word and its noun: NVIDIA Blackwell Ultra.
_NAME = r"[A-Za-z0-9 \u00a0\-・ァ-ヶー]{0,40}?"
_GPU = {
    "ja": r"(?:GPU|スーパーチップ|プロセッサー?|グラフィックス|アクセラレータ|AIチップ|チップ|半導体)",
    "ko": r"(?:GPU|슈퍼칩|프로세서|그래픽처리장치|그래픽 처리 장치|가속기|AI ?칩|칩)",
    "zh": r"(?:GPU|[晶芯]片|超[級级][晶芯]片|處理器|处理器|加速器|加速卡|圖形處理器|图形处理器)",
}
# Between the noun and its number: a particle, an adverb, a comma or a bracket. Another noun right before the number is
# what it counts ("GPU를 단 로봇 12대").
_LOOSE = {
    "ja": r"(?:[をはがもにで、，（(：:]|約|最大|計|合計|総数|新たに|さらに|少なくとも)[ \u00a0]?",
    "ko": r"(?:[를을이가은는도로에서까지만,，（(：:]|약|최대|최소|총|모두|무려|각각|추가|신규)[ \u00a0]?",
    "zh": r"(?:[，、（(：:共約约達达近逾为為有了]|超过|超過|最多|總計|总计|合计|合計|安裝|安装|部署)[ \u00a0]?",
}
_PRODUCT = re.compile(r"(?:RTX|PRO|GeForce|Quadro|Jetson)[ \u00a0]\Z")  # 96 基の RTX PRO 6000 Blackwell GPU
# (kind, after the number, before the number): the first row that fits decides.
_ROWS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "ja": (
        (
            "jobs",
            r"(?:件|人分|名分|人|名)?(?:以上|超|余り?|近く|程度)?の?(?:新たな|新規の?|新しい|直接の?|AI関連の?|"
            r"高度な|質の高い|常勤の?|正規の?|恒久的な|専門的な|地元の)*(?:雇用|職(?![員業種場])|求人|ポスト|仕事|働き口)",
            "",
        ),
        (
            "jobs",
            r"(?:人|名)(?:以上|超|余り?|近く|程度)?(?:の[^、。\d]{1,14})?(?:を|が)?(?:新たに|新規に|"
            r"追加で)?(?:採用|雇用[すし]|雇い|雇う|新規採用|増員|募集)",
            "",
        ),
        (
            "jobs",
            r"(?:人|名)(?:の(?:技術者|エンジニア|社員|従業員|スタッフ|研究者|人材)が(?:新たに)?加わ|が(?:新たに)?入社)",
            "",
        ),
        ("jobs", r"(?:件|人|名)", r"(?:雇用|求人|採用)(?:は|を|が|数は?)?(?:新たに)?(?:約|およそ|最大|計|合計)?\s?\Z"),
        ("jobs", r"(?:人|名)(?:以上|超)?が(?:新たに)?(?:働く|働き|就業|従事)", r"(?:さらに|新たに|追加で)\s?\Z"),
        (
            "companies",
            r"(?:社(?![会員長内外説団交債])|(?:以上|超|余り)?の(?:[^、。\d]{0,8}?)(?:企業|スタートアップ|会社|"
            r"メーカー|銀行|保険会社|事業者|中小企業))",
            "",
        ),
        ("companies", r"(?:以上|超|余り)?(?:の)?(?:企業|スタートアップ)", ""),
        (
            "gpus",
            rf"(?:個|基|枚|台|つ|チップ)?(?:以上|超|余り|を超える|近く)?の?(?:最新の?|高性能な?|"
            rf"次世代)?{_NAME}{_GPU['ja']}(?!時間|クラウド|サーバ|ノード|クラスタ)",
            "",
        ),
        (
            "gpus",
            r"(?:個|基|枚|台)(?!の)",
            rf"(?:GPU|スーパーチップ|アクセラレータ)(?:[^。\n]{{0,40}}?{_LOOSE['ja']}|[A-Za-z ]{{0,24}})\Z",
        ),
        ("people", r"(?:人(?![工型種月口間気材格])|名(?![称前古義門作声詞目]))", ""),
    ),
    "ko": (
        (
            "jobs",
            r"(?:여)?\s?(?:개|명|명분)?(?:\s?이상)?(?:의)?\s?(?:신규 |새로운 |양질의 |새 |직접 |정규직 "
            r"|상시 |전문직 |영구 )*(?:일자리|고용|직무|"
            r"채용)",
            "",
        ),
        (
            "jobs",
            r"(?:여)?\s?명(?:\s?이상)?(?:의 [^,.\d]{1,16}?)?(?:을|를|이)?"
            r"\s?(?:새로 |추가로 |신규 |더 |[가-힣]{1,6}에서 )*"
            r"(?:채용|고용|충원|뽑|증원|(?:[가-힣]{1,4}서 )?(?:일하게|근무하게))",
            "",
        ),
        (
            "jobs",
            r"(?:여)?\s?(?:개|명)",
            r"(?:일자리|고용|채용|신규 인력)(?:를|을|이|가|은|는)?\s?(?:약|최대|최소|총|모두)?\s?\Z",
        ),
        (
            "companies",
            r"(?:여)?\s?(?:개\s?사(?![람용])|사(?=[가는를의와 ,.이])|개(?:의)?\s?[^,.\d]{0,14}?(?:기업|"
            r"스타트업|업체|회사|은행|보험사|제조사)|곳(?:이상)?의? ?[^,.\d]{0,8}?(?:기업|스타트업|업체|회사|은행))",
            "",
        ),
        (
            "companies",
            r"(?:여)?\s?(?:곳|개|개사)(?![가-힣]*\s?(?:병원|대학|국가|도시|나라))",
            r"(?:기업|스타트업|업체|회사|은행)(?:이|은|는|가|을|를|도)?\s?(?:약|최대|최소|총|모두|무려)?\s?\Z",
        ),
        (
            "gpus",
            rf"(?:여)?\s?(?:개|장|대|기)?(?:\s?이상|를 넘는|가 넘는)?(?:의)?\s?(?:최신 |고성능 |차세대 )?(?:엔비디아 "
            rf"|블랙웰 |울트라 |루빈 |호퍼 |NVIDIA )*{_NAME}{_GPU['ko']}(?!\s?(?:시간|서버|노드|클러스터))",
            "",
        ),
        (
            "gpus",
            r"(?:여)?\s?(?:개|장|대|기)(?!의)(?![가-힣]{2,}\s?(?:국|사|월))",
            rf"(?:GPU|슈퍼칩|가속기)(?:[^\n]{{0,60}}?{_LOOSE['ko']}|[A-Za-z ]{{0,24}})\Z",
        ),
        ("people", r"(?:여)?\s?명(?![령칭함예의도])|(?:여)?\s?명의", ""),
    ),
    "zh": (
        (
            "jobs",
            r"[多余餘]?\s?(?:个|個|份|项|項|人)?(?:以上)?(?:的)?[^，。、；\d]{0,8}?(?:就[业業](?:岗位|崗位|"
            r"机会|機會)|工作(?:岗位|崗位|机会|機會)|岗位|崗位|职位|職位|職缺|工作(?![站量負负日流小人]))",
            "",
        ),
        (
            "jobs",
            r"[多余餘]?\s?(?:个|個)(?![\w])",
            r"(?:岗位|崗位|职位|職位|职缺|職缺|就业机会|就業機會|工作机会|工作機會)\s?(?:约|約|逾|近|超过|超過|至少|最多|共)?\s?\Z",
        ),
        (
            "jobs",
            r"[多余餘]?\s?(?:名|位|人)",
            r"(?:招聘|聘用|增聘|雇用|僱用|聘请|聘請|招募|新增员工|新增員工|增员|增員|扩招)(?:约|約|逾|近|超过|超過|至少|"
            r"最多)?\s?\Z",
        ),
        (
            "companies",
            r"[多余餘]?\s?(?:家|间|間)(?:以上)?的?[^，。、；\d]{0,10}?(?:企[业業]|公司|初[创創]|新[创創]|"
            r"[厂廠]商|[银銀]行|保[险險]|机构投资者|供[应應]商|金融机构|製造商|制造商)",
            "",
        ),
        (
            "companies",
            r"[多余餘]?\s?(?:家|间|間)(?![^，。、；]{0,10}(?:[医醫]院|大[学學]|机构|機構|信[托託]|[实實][验驗]室))",
            r"(?:企[业業]|公司|初[创創]|新[创創]|[厂廠]商)[^，。；\n\d]{0,8}\Z",
        ),
        (
            "gpus",
            rf"[多余餘]?\s?(?:个|個|颗|顆|块|塊|张|張|枚|片|台)?(?:以上)?(?:的)?\s?(?:最新|高性能|新一代|英伟达|輝達|"
            rf"輝达)*(?:的)?{_NAME}{_GPU['zh']}(?!\s?(?:小时|小時|服务器|伺服器|节点|節點|集群|叢集))",
            "",
        ),
        (
            "gpus",
            r"[多余餘]?\s?(?:个|個|颗|顆|块|塊|张|張|枚|片)(?![^，。；]{0,3}(?:国|國|城|月|系|小))",
            rf"(?:GPU|[晶芯]片|加速器)(?:[^。；\n]{{0,30}}?{_LOOSE['zh']}|[A-Za-z ]{{0,24}})\Z",
        ),
        ("people", r"[多余餘]?\s?(?:名|位(?![元于於置]))|[多余餘]?\s?人(?![民工形類类口次均权權])", ""),
    ),
}
# A count of people who came to watch, or of who lives somewhere, is no fact of ours.
_NOT_NEWS = {
    "ja": re.compile(r"来場|参加者|人が参加し|聴衆|観客|人口"),
    "ko": re.compile(r"참석|관람|방문객|관객|인구|청중"),
    "zh": re.compile(r"出席|[与與][会會]者|参会|參會|[观觀][众眾]|人口|到[场場]"),
}
_TRAINED = {
    "ja": re.compile(r"育成|研修|養成|訓練|教育|講座|学[びぶん]"),
    "ko": re.compile(r"교육|양성|훈련|연수|배출|과정"),
    "zh": re.compile(r"培[训訓育养養]|[训訓][练練]|教育|[课課]程|[学學][习習]"),
}
# The persons' name after the measure word, for the quote.
_FOLLOW = {
    "ja": re.compile(r"の[^、。をがはにでとへも\d\s]{1,14}"),
    "ko": re.compile(r"의 [^,.을를이가은는에로\d\s]{1,10}"),
    "zh": re.compile(r"[^，。、；,\d]{1,14}?(?=[，。；,])"),
}
_EDGES = {"ja": "。\n", "ko": "\n", "zh": "。；\n"}
_KO_EDGE = re.compile(r"[.!?]\s")


@lru_cache(maxsize=4)
def measures(language: str) -> tuple[Measure, ...]:
    return tuple(
        Measure(kind, re.compile(rf"[ \u00a0]?(?:{after})"), re.compile(before) if before else None)
        for kind, after, before in _ROWS[language]
    )


@lru_cache(maxsize=4)
def _any_measure(language: str) -> re.Pattern[str]:
    """What stands after a number by any of the measures; most numbers count nothing, and are spared the rest."""
    return re.compile(rf"[ \u00a0]?(?:{'|'.join(after for _, after, _ in _ROWS[language])})")


def sentence(text: str, at: int, span: tuple[int, int], language: str) -> tuple[int, int]:
    """The sentence around `at`, no farther than 300 characters."""
    span = (max(span[0], at - 300), min(span[1], at + 300))
    left = max([span[0], *(text.rfind(c, span[0], at) + 1 for c in _EDGES[language])])
    right = min([span[1], *(p for c in _EDGES[language] if (p := text.find(c, at, span[1])) >= 0)])
    if language == "ko":
        for edge in _KO_EDGE.finditer(text, left, right):
            if edge.end() <= at:
                left = edge.end()
            else:
                return left, edge.start()
    return left, right


def find(text: str, at: int, floor: int, span: tuple[int, int], language: str) -> tuple[str, int] | None:
    """The kind of what is counted, and where its words end. `at` is the number's end, `floor` its start."""
    if _any_measure(language).match(text, at, span[1]) is None:
        return None
    named = _PRODUCT.search(text[max(span[0], floor - 12) : floor])
    left = -1
    for measure in measures(language):
        after = measure.after.match(text, at, span[1])
        if after is None or after.end() == at:
            continue
        if named and measure.kind == "gpus":
            continue
        if left < 0:
            left, right = sentence(text, floor, span, language)
        if measure.before is not None and not measure.before.search(text[max(left, floor - 60) : floor]):
            continue
        shown = measure.kind == "people" and _NOT_NEWS[language].search(text, left, right)
        if shown and not _TRAINED[language].search(text, left, right):
            return None
        return measure.kind, after.end()
    return None


def noun_end(text: str, at: int, end: int, language: str) -> int:
    """Where the counted persons' name ends, for the quote: "900 名醫師與資料科學家", "7,500人の開発者"."""
    match = _FOLLOW[language].match(text, at, end)
    return match.end() if match else at
