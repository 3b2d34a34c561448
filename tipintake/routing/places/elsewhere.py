"""Places that are not of the region: states, counties beside it, and where its names also stand.

Cities of other states that people here name are rows of the pack's aliases; towns of the home
state are rows of its places. What follows is the same for every region.
"""

from tipintake.routing.places.wording import word_set

# USPS code -> how the name is written.
STATES: dict[str, str] = {
    "AL": "alabama", "AK": "alaska", "AZ": "arizona", "AR": "arkansas", "CA": "california",
    "CO": "colorado", "CT": "connecticut", "DE": "delaware", "DC": "district of columbia",
    "FL": "florida", "GA": "georgia", "HI": "hawaii", "ID": "idaho", "IL": "illinois",
    "IN": "indiana", "IA": "iowa", "KS": "kansas", "KY": "kentucky", "LA": "louisiana",
    "ME": "maine", "MD": "maryland", "MA": "massachusetts", "MI": "michigan", "MN": "minnesota",
    "MS": "mississippi", "MO": "missouri", "MT": "montana", "NE": "nebraska", "NV": "nevada",
    "NH": "new hampshire", "NJ": "new jersey", "NM": "new mexico", "NY": "new york",
    "NC": "north carolina", "ND": "north dakota", "OH": "ohio", "OK": "oklahoma", "OR": "oregon",
    "PA": "pennsylvania", "RI": "rhode island", "SC": "south carolina", "SD": "south dakota",
    "TN": "tennessee", "TX": "texas", "UT": "utah", "VT": "vermont", "VA": "virginia",
    "WA": "washington", "WV": "west virginia", "WI": "wisconsin", "WY": "wyoming",
}  # fmt: skip

ABROAD = "--"  # another country: no state of ours, whatever it is

# Other ways in which they are written in a state field or right behind a town.
STATE_WORDS: dict[str, str] = {
    **{name.replace(" ", ""): code for code, name in STATES.items()},
    **{code.lower(): code for code in STATES},
    "ill": "IL", "mich": "MI", "wis": "WI", "wisc": "WI", "minn": "MN", "tenn": "TN",
    "ark": "AR", "okla": "OK", "tex": "TX", "calif": "CA", "fla": "FL", "ind": "IN", "neb": "NE",
    "kans": "KS", "misuri": "MO", "misouri": "MO", "missourri": "MO", "nuevayork": "NY",
    "nuevomexico": "NM", "luisiana": "LA", "pensilvania": "PA", "luisana": "LA",
    "nuevajersey": "NJ", "carolinadelnorte": "NC", "carolinadelsur": "SC",
    **dict.fromkeys(
        ("england", "scotland", "ireland", "wales", "france", "germany", "italy", "spain",
         "canada", "ontario", "australia", "jamaica", "inglaterra", "francia", "alemania",
         "irlanda", "escocia"), ABROAD),
}  # fmt: skip

# Behind a town in running text these are words, or a town in a row of towns.
NOT_BEHIND_A_TOWN = word_set("ok hi oh me washington")

# First three digits of the ZIP codes of a state that has towns named like ours.
ZIP_PREFIXES: dict[str, tuple[int, int]] = {"IL": (600, 629)}

# Behind the name of a state these speak of a vehicle, a paper or a person, not of a place.
NOT_A_PLACE = word_set(
    "plate plates tag tags license licence lic registration reg registered driver drivers "
    "number numbers phone area code id man men woman women guy guys couple resident truck "
    "trucks van car cars suv sedan pickup trailer state highway route river placa placas "
    "matricula"
)

# Counties of Missouri and the Illinois side that are not served. Those that are stand in the
# gazetteer and win over this list.
COUNTIES = word_set(
    "Adair Andrew Atchison Audrain Barry Barton Bates Benton Bollinger Boone Buchanan Butler "
    "Caldwell Callaway Camden Carroll Carter Cass Cedar Chariton Christian Clark Clay Clinton "
    "Cole Cooper Crawford Dade Dallas Daviess DeKalb Dent Douglas Dunklin Gasconade Gentry "
    "Greene Grundy Harrison Henry Hickory Holt Howard Howell Iron Jackson Jasper Johnson Knox "
    "Laclede Lafayette Lawrence Lewis Linn Livingston Macon Madison Maries Marion McDonald "
    "Mercer Miller Mississippi Moniteau Monroe Montgomery Morgan Newton Nodaway Oregon Osage "
    "Ozark Pemiscot Perry Pettis Phelps Pike Platte Polk Pulaski Putnam Ralls Randolph Ray "
    "Reynolds Ripley Saline Schuyler Scotland Scott Shannon Shelby Stoddard Stone Sullivan "
    "Taney Texas Vernon Washington Wayne Webster Worth Wright Jersey Calhoun Macoupin Bond "
    "Randolph"
)
COUNTIES_OF_MORE_WORDS = ("St. Clair", "St. Francois", "Ste. Genevieve", "New Madrid",
                          "Cape Girardeau", "Cook")  # fmt: skip

# Large cities of other states, and those that are taken for one of ours when misspelt.
CITIES = (
    "Albuquerque", "Arlington", "Atlanta", "Austin", "Baltimore", "Baton Rouge", "Birmingham",
    "Boston", "Boise", "Buffalo", "Carbondale", "Charlotte", "Chattanooga", "Chicago",
    "Cincinnati", "Cleveland", "Colorado Springs", "Corpus Christi", "Dallas", "Davenport",
    "Dayton", "Denver", "Des Moines", "Detroit", "El Paso", "Evansville", "Fayetteville",
    "Fort Wayne", "Fort Worth", "Fresno", "Grand Rapids", "Green Bay", "Houston", "Indianapolis",
    "Jersey City", "Kansas City", "Knoxville", "Laredo", "Las Vegas", "Lexington", "Lincoln",
    "Little Rock", "Long Beach", "Los Angeles", "Louisville", "Lubbock", "Madison", "Memphis",
    "Mesa", "Miami", "Milwaukee", "Minneapolis", "Mobile", "Nashville", "New Orleans",
    "New York", "New York City", "North Little Rock", "Oklahoma City", "Omaha", "Orlando",
    "Overland Park", "Paducah", "Philadelphia", "Phoenix", "Pittsburgh", "Portland", "Quincy",
    "Raleigh", "Reno", "Rockford", "Sacramento", "Salt Lake City", "San Antonio", "San Diego",
    "San Francisco", "San Jose", "Scottsdale", "Seattle", "Shreveport", "Sioux City",
    "Sioux Falls", "South Bend", "Springdale", "Tampa", "Toledo", "Topeka", "Tucson", "Tulsa",
    "Urbana", "Washington DC", "West Memphis", "Wichita",
)  # fmt: skip

# Countries, and towns of the home state named like a state or country. People come from them.
WIDE = word_set(
    "california nevada oregon louisiana florida mexico cuba lebanon holland peru china india "
    "honduras guatemala"
)

# Names that are ordinary words: in running text they count with a capital, no article, and
# nothing capitalised behind them ("in Union", but not "in union", "the Union", "Union Station").
ORDINARY = word_set(
    "greenpark twinoaks rockhill threecreeks castlepoint coolvalley "
    "mobile mesa phoenix buffalo reno "
    "advance agency airportdrive alba alma amity aurora baker battlefield belle biglake "
    "bigspring bland blueeye blackjack bourbon brewer buffalo bunker butler cave center champ "
    "clever cobalt commerce conception concord countryclub crane dawn defiance delta diamond "
    "diggins eaglerock eminence evergreen fairplay fairview fidelity forestcity golden "
    "goldencity goodnight greencity halfway hale hardin highhill homestead humphreys hunter "
    "imperial independence kingcity lakeside lamar lambert liberal liberty licking lincoln "
    "lithium lonejack loosecreek marblehill meta miner moundcity mountainview novelty oakgrove "
    "oaks oakridge oakwood overland pacific parkway peculiar pilotknob plato pleasanthill "
    "pleasanthope polo pontiac prairiehome queencity reeds republic revere rich richhill "
    "richland riverbend riverside riverview rosebud rushhill sparta steele stella sugarcreek "
    "sundown sunrisebeach sweetsprings tightwad troy union unionstar vista walnutgrove waverly "
    "westline wood worth worthington shoalcreekdrive hermitage gentry oregon cosby mercer noel "
    "dover windsor princeton"
)

# Names that people bear: they count behind "in" and "near" only, and not before a surname.
BORNE = word_set(
    "austin boston charlotte dallas dayton memphis orlando quincy raleigh tyler urbana "
    "adrian anderson archie arnold ashley augusta ava barnard barnett benton bernie bertrand "
    "bethany blanchard brashear browning burgess calhoun cameron campbell clarence clark "
    "clayton cleveland clinton clyde coffey collins conway craig creighton dalton dixon dudley "
    "edmundson elmer elmo emma ethel eugene eureka ewing farley fenton ferguson festus fleming "
    "foster franklin freeman fulton gerald gibbs gideon gilliam goodman graham granger hamilton "
    "harris hayward henrietta holcomb holden holliday holt hopkins houston hume hurley irena "
    "irwin jackson jameson jane jasper jennings kelso kennett kidder kingston lancaster laurie "
    "lawson leonard leslie linn lohman madison maitland marshall marston matthews miller milo "
    "morley morrison murphy nelson olean parnell perry pollock preston purdy quitman randolph "
    "rea richards richmond ritchey roscoe rutledge salem seymour sheldon sheridan sibley "
    "skidmore slater sullivan sumner tina tipton tracy trenton turney vandiver verona walker "
    "washburn washington watson wayland wellington weston willard winchester winston wyatt"
)

# Ordinary words one letter away from a name of the region: never read as a misspelling of it.
NOT_MISSPELT = word_set(
    "august augustus augusto auguste concorde concords imperials infield lakeshore overhand "
    "overlain pacifica pacifics parkways partway"
)


def state_of(text: str) -> str:
    """The USPS code of a state as somebody typed it; empty when it names none."""
    return STATE_WORDS.get("".join(c for c in text.casefold() if c.isalpha()), "")


def state_of_zip(text: str) -> str:
    """The other state of a five-digit ZIP, where it is known to have namesakes of ours."""
    if len(text) != 5 or not (text.isascii() and text.isdigit()):
        return ""
    return next((state for state in ZIP_PREFIXES if zip_is_of(text, state)), "")


def zip_is_of(zip5: str, state: str) -> bool:
    first, last = ZIP_PREFIXES.get(state, (1000, 0))
    return first <= int(zip5[:3]) <= last
