"""Ordinary English words that are near technical ones: they are no slips of the fingers, even where no bank has them."""

from __future__ import annotations

COMMON = frozenset(
    """
    able about above accept account across action actual after again against agree ahead allow alone along already also alter
    although always among amount animal answer anyone anything apart appear approach around arrive aside asked attack attempt
    avenue aware away back bake baker ball band bank bare bath batch bath bear beat became become before begin behind believe
    below best beta better between beyond bias bitter blank blow blue board body book born both bottle bottom bound break brief
    bright bring broad brother brought build built burn busy cable cake call came camera cancel care carry case cash cast catch
    cause cell cent centre certain chain chair chance change charge chase cheap check chest child choice choose city claim class
    clean clear clever clock close cloud coach coast code coin cold collar collect colour come comes coming common compare
    complete complex concern consider contain content contrast cook cool copy corner correct cost could count country couple
    course court cover crack crash cream create cross crowd curious current curve cute daily damage dance danger dare dark date
    dead deal dear death decade deck deep degree deliver demand dense depend desert desk detail device diet differ different
    difficult dinner direct dirt dirty discover dish dive divide doctor dogs done door double doubt down dozen draft drag drama
    draw dream dress drink drive drop dropped drug duck during dust duty each early earn earth ease east easy edge effect effort
    eight either empty ending enemy energy engine enjoy enough enter entire equal escape even evening event ever every exact
    example except excite exist expect expert extra face fact fail fair faith fall false familiar family famous fancy farm fast
    father fault favour fear feature feed feel feet fell felt fence fever field fight figure file fill final find fine finger
    finish fire firm first fish five fixed flag flat flight floor flow flower focus fold folk follow food fool foot force forget
    form former forward found four frame free fresh friend from front fruit full function funny future gain game gap garden gate
    gather gave general gentle gets giant gift girl give glad glass goal goes gold gone good grab grade grain grand grant grass
    great green grew ground group grow guard guess guide habit hair half hall hand handle hang happen happy hard harm hate have
    head hear heart heat heavy held hello help hence here hero hide high hill hint hire hold hole holiday home honest hope horse
    hotel hour house however huge human hundred hung hunt hurry hurt idea image imagine impact inch inner input inside instead
    into issue item join joke judge jump just keen keep kept kick kill kind king kiss kitchen knee knew knife knock know lack lady
    laid lake land lane large laser last late later latter laugh layer lazy lead leaf learn least leave lecture left legal lend
    length lens less lesson letter level lift light like likely limit line link list listen little live load loan local lock
    logic lone long look loop loose lose loser losing lost loud love lower luck lucky lunch made magic mail main major make male
    manage manner many mark market marry mass master match material matter maybe meal mean meant measure meat media meet member
    memory mention merely mess method middle might mile milk mind mine minor minute mirror miss mistake mixed model modern moment
    money month mood moon moral more morning most mother motion mount mouse mouth move much music must myself naked name narrow
    nation nature near nearly neat neck need nerve never news next nice night nine noise none noon nor normal north nose note
    nothing notice number object obvious occur ocean odds offer office often once only onto open opinion option orange order
    other ought outer output outside over own pace pack page paid pain paint pair pale panel paper parent park part party pass
    past path pause peace peak pencil people perfect perhaps period person phase phone photo phrase pick picture piece pile pink
    pipe place plain plan plane plant plate play please plenty plus pocket point pole police policy pool poor pop position
    possible post pound power practice prefer prepare present press pretty prevent price pride prime print prior private prize
    problem proof proper protect proud prove public pull pure purpose push puts queen query quest question quick quiet quite race
    rain raise ran range rank rare rate rather ratio reach react read ready real really rear reason recall receive recent record
    reduce refer refuse regret relate relax remain remark remember remind remove rent repair repeat reply report request require
    rescue rest result retain return reveal review rich ride right ring rise risk river road rock role roll roof room root rope
    rough round route royal rule rush safe said sail sale salt same sample sand save scale scared scene school science score sea
    search season seat second secret section seed seek seem select self sell send sense sentence separate series serious serve
    service set settle seven several shade shake shall shame shape share sharp sheet shift ship shirt shock shoe shoot shop short
    shot should shout show shut sick side sight sign silent silly similar simple simply since sing single sink sister site size
    skill skin skip slave sleep slice slide slight slip slope slow small smart smell smile smoke smooth snow social soft soil
    some soon sorry sort soul sound source south space spare speak special speech speed spell spend spent spirit split sport
    spot spread spring square stable staff stage stair stake stamp stand star start state stay steal steam steel steep step stick
    still stock stone stood stop store storm story straight strange stream street strength stress stretch strike strong student
    study stuff style subject succeed such sudden suffer suggest suit summer supply support suppose sure surface surprise survey
    sweet swim switch system table tail take tale talk tall target task taste taught teach team tear tell tend tense term test
    text than thank that their them theme then theory there these they thick thin thing think third this those though thought
    threat three threw throw thus ticket tide tight tile till time tiny tire title today together told tone tongue took tool
    tooth topic total touch tough tour toward tower town track trade trail train trait travel treat tree trial trick tried trip
    trouble truck true trust truth turn twelve twice type ugly uncle under unit unless until upon upper urge used useful user
    usual valley value vary vast verse very vice view village visit voice vote wage wait walk wall wander want warm warn wash
    waste watch water wave weak wealth wear weather week weigh weight well went were west what wheel when where whether which
    while white whole whom whose wide wife wild will wind window wine wing winner winter wipe wire wise wish with within without
    woman wonder wood word work world worry worse worst worth would wound write wrong yard year yellow yesterday yield young your
    """.split()
)  # fmt: skip
