"""Where in the country a place lies: its nation, and in England its region. Does no input or output.

The towns' nations are the gazetteer's. Regions and counties are few and change
seldom, so they stand here.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

NATIONS = ("England", "Scotland", "Wales", "Northern Ireland")
_REGIONS: Mapping[str, str] = {
    "North East": (
        "North East England; Tyneside; Teesside; Tees Valley; Wearside; Northumberland; County Durham; Durham; "
        "Newcastle; Newcastle upon Tyne; Sunderland; Middlesbrough; Gateshead; Blyth; Cobalt Park; Darlington; "
        "Hartlepool"
    ),
    "North West": (
        "North West England; Greater Manchester; Merseyside; Lancashire; Cheshire; Cumbria; Manchester; "
        "Liverpool; Salford; Daresbury; Preston; Warrington; Bolton; Lancaster; Chester; Stockport; Wigan; "
        "Blackpool"
    ),
    "Yorkshire and the Humber": (
        "Yorkshire; South Yorkshire; West Yorkshire; North Yorkshire; East Yorkshire; Humberside; Leeds; "
        "Sheffield; York; Hull; Bradford; Huddersfield; Wakefield; Doncaster; Rotherham; Barnsley; Halifax; "
        "Grimsby; Immingham; Scunthorpe; Humber; Hebden Bridge; Harrogate"
    ),
    "East Midlands": (
        "East Midlands; Derbyshire; Nottinghamshire; Leicestershire; Lincolnshire; Northamptonshire; Rutland; "
        "Nottingham; Derby; Leicester; Lincoln; Northampton; Loughborough; Corby; Kettering"
    ),
    "West Midlands": (
        "West Midlands; Midlands; Warwickshire; Staffordshire; Shropshire; Worcestershire; Herefordshire; "
        "Birmingham; Coventry; Wolverhampton; Stoke-on-Trent; Worcester; Warwick; Solihull; Telford; Rocester; "
        "Rugby; Dudley; Walsall"
    ),
    "East of England": (
        "East of England; Cambridgeshire; Norfolk; Suffolk; Essex; Hertfordshire; Bedfordshire; Cambridge; "
        "Norwich; Ipswich; Loughton; Stevenage; Peterborough; Luton; Bedford; Chelmsford; Colchester; Watford; St "
        "Albans; Hatfield; Welwyn Garden City; Harlow; Hemel Hempstead; Ely; Southend-on-Sea; Hinxton"
    ),
    "London": (
        "London; Greater London; City of London; King's Cross; Canary Wharf; Shoreditch; Westminster; Croydon; "
        "Camden; Hackney; Whitechapel; South Kensington; Uxbridge; Greenwich; Stratford; Hounslow; Ealing"
    ),
    "South East": (
        "South East England; Southern England; Thames Valley; Oxfordshire; Buckinghamshire; Berkshire; Hampshire; "
        "Surrey; Kent; Sussex; Isle of Wight; Oxford; Reading; Slough; Culham; Harwell; Milton Keynes; Brighton; "
        "Southampton; Portsmouth; Guildford; Canterbury; Didcot; Abingdon; Bracknell; Maidenhead; Farnborough; "
        "Winchester; Crawley; Newbury; Basingstoke; Windsor; Aylesbury; Bicester; Silverstone"
    ),
    "South West": (
        "South West England; Cornwall; Devon; Dorset; Somerset; Wiltshire; Gloucestershire; Bristol; Bath; "
        "Exeter; Plymouth; Swindon; Cheltenham; Gloucester; Bournemouth; Poole; Taunton; Truro; Wells; Torquay; "
        "Goonhilly; Salisbury"
    ),
    "Scotland": ("Scotland; Lanarkshire; Fife; Highlands; Lothian; Aberdeenshire; Ayrshire; Orkney; Shetland"),
    "Wales": ("Wales; North Wales; South Wales; Mid Wales; Gwynedd; Anglesey; Pembrokeshire"),
    "Northern Ireland": ("Northern Ireland; County Antrim; County Down; Belfast"),
}
ORDER = (*_REGIONS, "England, elsewhere", "The whole country", "Elsewhere")


@lru_cache
def _by_place() -> Mapping[str, str]:
    return {
        place.strip().casefold(): region
        for region, places in _REGIONS.items()
        for place in places.split(";")
        if place.strip()
    }


def region(place: str, nations: Mapping[str, str], country: str) -> str:
    """The region of a place: one of `ORDER`. `nations` are the nations of the country's towns by name."""
    if place == country:
        return "The whole country"
    if found := _by_place().get(place.casefold()):
        return found
    nation = nations.get(place, "England" if place in ("England", "Northern England") else "")
    return "England, elsewhere" if nation == "England" else nation if nation in NATIONS else "Elsewhere"


def counted(
    places: Iterable[tuple[str, int]], nations: Mapping[str, str], country: str
) -> dict[str, list[tuple[str, int]]]:
    """The places of each region with their stories, the most first; so are the regions, before what is none."""
    found: dict[str, list[tuple[str, int]]] = {name: [] for name in ORDER}
    for place, stories in places:
        found[region(place, nations, country)].append((place, stories))
    last = ORDER[-3:]
    order = sorted(found, key=lambda name: (name in last, -sum(stories for _, stories in found[name])))
    return {name: sorted(found[name], key=lambda pair: (-pair[1], pair[0])) for name in order if found[name]}
