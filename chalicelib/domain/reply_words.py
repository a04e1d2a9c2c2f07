"""The words that crews answer with, by what each does in a sentence: Indonesian, Banjar, Javanese, Ngaju, Jakarta, English.

A kind is one letter, so that a whole reply is a short string that a pattern of `replies` reads. What stands here under no
kind is not understood, and a step beside it is not recorded.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

# Dropped before anything is read: addresses, thanks, particles that change nothing where they stand.
POLITE = (
    "pak pa bu bapak ibu bpk bang abang bg bng mas mba mbak om tante kak kaka kk ka ndan dan ndn nda komandan kmdn"
    " min mimin admin op operator bos boss bosku bosq gan agan bro brother lur cak kang lek pakde lae pian pyan ading amang acil cil"
    " julak wal sanak sedulur dulur sayang monggo"
    " makasih mksih mksh tks thx thanks trims trim trmksh suwun nuwun kasih selamat pagi siang sore malam assalamualaikum asslm ass"
    " wassalam salam hormat izin ijin ijn izn lapor melaporkan laporkan dilaporkan maaf mf mhf sorry yaa yah dong donk deh sih"
    " nih ni saja aja ae ja haja ai pang am nah lah lh to tho tuh loh lho kok langsung lgsg lgsung lngsng pun juga jua jg hehe he"
    " hihi mantap mantab mantul oh oo ooh eh eeh bener benar please that sir mam madam guys the a an over ganti sekarang skrg skrang now sepenuhnya"
)

WORDS: dict[str, str] = {
    # K: assent.
    "K": (
        "ya iya yes y ye yup yups yep yap yoi yo iyo iyoh yoh iyaa iyah inggih nggih enggih njih nggeh inggeh gih ih"
        " hiih sendiko siap siyap siaap siip sip sipp siaga ok oke okey okay okee ok2 oke2 okd okre baik baiklah"
        " bae roger copy terima trima nerima diterima dtrima trm ditrima laksanakan laksanaken dilaksanakan"
        " monitor termonitor trmonitor dimonitor monitored dimengerti mengerti ngerti paham faham dipahami 86"
        " acknowledged understood received noted wilco affirmative sepakat setuju ayu ayuha iyalah okelah"
    ),
    # a: what one does to an order; beside an assent it says no more than the assent.
    "a": (
        "perintah arahan petunjuk instruksi atensi kerjakan dikerjakan tindak lanjuti tindaklanjuti"
        " ditindaklanjuti lanjuti catat dicatat posisi posisinya berada brada standby stanby stenbay stendby hadir"
        " bantu tugas bertugas order pantau dipantau proses diproses"
    ),
    # n: what is received.
    "n": "pesan sms info informasi infonya laporan lokasinya tkpnya alamat alamatnya koordinat maps map sharelok sharloc panggilan berita",
    # G: setting out, being on the way.
    "G": (
        "jalan jln berjalan jalann brjalan bajalan bejalan berangkat brangkat brgkt berangkt berankat brngkt brgkat otw"
        " otewe otwe oteweh omw meluncur luncur mluncur mlncur meluncurr mangkat budal tulak batulak betulak merapat"
        " mrapat merapatt menuju mnuju manuju bergerak gerak bergrak bgerak perjalanan prjalanan enroute going"
        " leaving heading departing coming departed mendekat mendekati bergeser geser gerser geserr otwtkp"
        " otwlokasi cus cuss cusss capcus"
    ),
    # A: arriving.
    "A": (
        "tiba tba tibaa sampai sampe smpe smpai sampek sampi smpek spai dumugi nyampe nyampai nyampek nympe"
        " nyampee mencapai arrived tekan dugi datang dtg dateng"
    ),
    # D: done.
    "D": (
        "selesai slesai selese selesei slsai slse selsai selesi selesia selasai seleai beres brs kelar klr klar"
        " rampung tuntas tuntung done finished finish finis cleared clear terselesaikan diselesaikan"
    ),
    # J: beginning to act, from *mulai* and what is begun (PHRASES).
    "J": "mulaibertindak",
    # L: at the place of the incident. P: that place, L or not. t: at. T: to.
    "L": "dilokasi dilks dilok ditkp onscene nglokasi",
    "P": "lokasi lokas lksi lks lok tkp titik tempat kejadian kejadiannya perkara sasaran tujuan scene location place site",
    "t": "di d ning nang neng at in on",
    "T": "ke k ka kelokasi ketkp kelok kesana kesitu kesini ksana kamari kasana menyang maring arah kearah to toward towards",
    "H": "sini disini dsini situ disitu sana disana sinh here there",
    # S: the crew itself. V: what it goes by. y: who.
    "S": (
        "kami kmi kita saya sy aku gue gua gw gwe ane ulun unda sorang awak ikei we i im our us ours ive weve tim"
        " team timku regu personil personel anggota unit armada kru crew pasukan is are have has been"
    ),
    "V": "mobil mbl kendaraan perahu kapal speedboat speed motor truk truck car vehicle",
    "y": "yang yg",
    # Y: already. M: being at it.
    "Y": (
        "sudah sdh sudh udah udh uda dah dh telah tlh suda baru barusan barus hanyar wis wes uwis wus sampun jari"
        " already just ude"
    ),
    "M": "masih msh lagi lg lgi sedang sdg sdang dalam dlm still",
    # w, W: how things are there, beside a step; W says it of the scene. h: what is done there. b: going home. m: home.
    "w": (
        "aman lancar lengkap dengan dgn wan semua smua semuanya total"
        " sepenuhnya safely safe all everything terkini alhamdulillah alhmdulillah syukur ini tadi"
    ),
    "W": "situasi kondisi kondusif terkendali",
    "h": (
        "penanganan menangani tangani ditangani pemadaman memadamkan padamkan dipadamkan evakuasi mengevakuasi"
        " dievakuasi giat kegiatan operasi tugas pertolongan pelaksanaan pekerjaan kerjaan pendinginan"
        " penyelamatan handling job work task melaksanakan"
    ),
    "b": "kembali balik pulang bulik returning return back",
    "m": "markas mako pos posko pangkalan kantor base station puskesmas pusk pkm rs rsud",
    # N: no. U: able. B: not yet.
    "N": (
        "tidak tdk tidk tdak tidaj tida tifak gak ga gk nggak ngga enggak engga kagak kaga kgk gag tak ndak ndk"
        " kada kd kdd ora mboten no not cant cannot unable couldnt"
    ),
    "U": "bisa bs bsa kawa kwa dapat dpt sanggup mampu iso saged able can ikut merespon respon respond",
    "B": "belum blm blum belom blom balum baluman blmm belun lum lom durung dereng hindai yet",
    # c: soon, of oneself. C: later, first, after, if; what is said then is not so now.
    "c": "segera sgr segra sgera akan akn mau handak hndk arep will gonna",
    "C": (
        "nanti nnti ntar ntr entar habis hbs abis setelah stlh sesudah sebelum sblm kalau klo kalo kl klu jika"
        " bila apabila begitu dulu dlu dl dahulu tunggu tnggu menunggu nunggu tggu besok bsk isuk lusa nantinya"
        " siapsiap siap2 bersiap persiapan prepare later wait after if when until before sambil sekalian menjelang"
        " kecuali"
    ),
    # s: nearly, in a moment. f: from.
    "s": "sebentar bentar sbntr bntr btr bntar hampir hampr hmpir almost soon",
    "f": "dari dr from",
    # Q: asking, for an answer or for something.
    "Q": (
        "mana mn dimana dmn dmna kemana kmn apa apakah napa brp berapa kapan siapa kenapa knp mengapa bagaimana"
        " gimana gmn piye endi nopo kayapa pabila manakah where what who when how which minta mohon mhn tolong tlg"
        " kirim kirimkan krm kirimin share shareloc sharelock serlok butuh perlu bantuan need help request kah"
    ),
    # O: somebody else.
    "O": (
        "sopir supir driver ambulans ambulan ambulance ambu warga masyarakat polisi polsek polres polri tni"
        " koramil babinsa pmi pln pdam mereka dia ia nya org orang orng urang keluarga korban pasien pelapor"
        " penelpon bpbd damkar pemadam psc rekan teman kawan kwn relawan satpam security rt rw lurah kades camat"
        " dokter bidan perawat anak istri suami tetangga petugas they he she it police residents people patient"
        " victim neighbour"
    ),
    # e: there is. z: used up. j: joining. &: together with. E: how long yet. q: getting through.
    "e": "ada ad",
    "z": "habis abis hbs kehabisan kosong kurang trouble",
    "j": "tapi tetapi tp tpi but krn karna karena soalnya sebab because and lalu terus trus kemudian",
    "&": "bersama sama brsama with",
    "E": "menit mnt mnit minutes minute mins eta estimasi perkiraan kira kira2 sekitar skitar km",
    "q": "lewat tembus dilewati dilalui melewati masuk nembus come",
    # i: what the name of a place begins with or lies by. I: the same, where one has errands: *otw masjid*. k: what the call-out is about. l: names of streets everywhere.
    "i": (
        "dekat dkt deket parak depan belakang blkg samping sebelah seberang jl gang gg desa ds kelurahan kec"
        " kecamatan kampung kp km jembatan simpang bundaran pelabuhan terminal bandara komplek komp perum perumahan"
        " blok no nomor sungai sei muara handil dermaga rt rw"
    ),
    "I": (
        "pasar sdn sd smp smpn sma sman smk mts man tk sekolah masjid mesjid langgar musholla mushola gereja"
        " toko warung hotel kantor puskesmas spbu pom bank lapangan taman"
    ),
    "k": "kebakaran kbkran laka lakalantas kecelakaan melahirkan tenggelam ular pohon rumah ruko gudang",
    "l": (
        "sudirman diponegoro ahmad yani ayani merdeka pelita subroto haryono antasari kartini suprapto pramuka"
        " pahlawan pemuda imam bonjol hatta soekarno gajah mada thamrin supratman rahman saleh riwut tjilik cilik"
        " tidar mulyono arsyad iskandar mentaya beringin teratai mawar melati anggrek cempaka kenanga dahlia"
    ),
    # X: never part of a place's name; beside one of these even an assent may mean something else.
    "X": (
        "jangan jgn bukan batal beda berbeda lain lainnya salah keliru cari mencari nyari dicari nyasar kesasar ketutup"
        " kelewatan sasar sesat tersesat ketemu ditemukan hilang ditutup tutup tertutup macet putus buntu rusak"
        " mogok sakit bocor gagal ragu bingung mandi makan tidur bangun ngopi kopi sholat solat shalat salat wudhu"
        " bengkel isi antar ngantar mengantar jemput cuti libur off bebas palsu hoax prank selesaikan kosong penuh"
        " besar kecil deras hujan banjir sendiri sendirian cuma hanya malah padahal walau meski kecapean capek"
        " lelah rapat mesti harus wajib mengecek cek lupa parah mati lampu tewas meninggal luka lawan jauh"
        " kejauhan wilayah bagian urusan pelesir jelas ulang ulangi kurang lost wrong other another find looking"
        " different"
        # What is the matter with a place, or with what was told of it: no name of a street.
        " ambruk roboh rubuh runtuh ambrol jebol amblas hancur ancur jelek licin becek lumpur gelap sempit"
        " curam dangkal pasang surut sepi ramai rame padat rawan bahaya sulit susah sukar"
        " angel mentok portal longsor eror error ngaco ngawur ngasal asal atau bohong fiktif meleset mleset"
        " melenceng blank aneh goyang miring ambigu"
    ),
}

STOP = frozenset(WORDS["X"].split())
# A word of two kinds is of the one that stands first here.
_KIND: dict[str, str] = {}
for _kind in "KGADJLPtTHSVyYMwWhbmNUBcsCQOeEzj&fqIiklanX":
    for _word in WORDS[_kind].split():
        _KIND.setdefault(_word, _kind)
_KIND.update(dict.fromkeys(POLITE.split(), ""))

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    key: "".join(
        each[at]
        for each, shift in ((row, -1), (row, 1), (above, 0), (above, 1), (below, -1), (below, 0))
        if 0 <= (at := column + shift) < len(each)
    )
    for above, row, below in zip(("", *_ROWS), _ROWS, (*_ROWS[1:], ""), strict=False)
    for column, key in enumerate(row)
}
# Slips of the words below that are words of their own.
_OTHER_WORDS = frozenset(
    ("sial", "suap", "soap", "isap", "sampan", "sampah", "ike", "ole", "tow", "kalan", "halan")
)
# No shorter ones of what is told last: *tiga* is three, *susah* is hard.
_SLIPPED = (
    *("siap", "oke", "otw", "jalan", "meluncur", "merapat", "menuju", "berangkat"),
    *("sampai", "lokasi", "selesai"),
)

# Long enough that one letter wrong, lost or changed about leaves no other word of the language.
_NEARLY = (
    "berangkat",
    "meluncur",
    "perjalanan",
    "laksanakan",
    "dimengerti",
    "termonitor",
    "monitor",
    "komandan",
)

PHRASES = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"\b(?:on|in) (?:the|my|our) way\b", " otw "),
        (r"\ben[ -]route\b", " otw "),
        (r"\b(?:on|at)[ -](?:the )?(?:scene|location|site)\b", " dilokasi "),
        (r"\b(?:8|delapan|lapan)[ .-]?(?:6|enam|anam)\b", " 86 "),
        (r"\brumah ?sakit\b", " rs "),
        (r"\b(?:pagi|siang|sore|malam) ini\b", " nanti "),
        (r"\bnot (?:there |arrived )?yet\b", " belum "),
        # A farewell; *sampai jumpa di lokasi* says where they will be.
        (r"\bsampai (?:ketemu|jumpa)(?: (?:lagi|pak|ndan|bang))*(?=\s*(?:[,.;!\n]|$))", " "),
        (r"\b(?:terima|trima|makasih|trimo) ?kasih\b", " "),
        (r"\b(?:matur )?(?:suwun|nuwun)\b", " "),
        (r"\b(?:mohon|mhn|minta) (?:izin|ijin|ijn)\b", " "),
        (r"\b(?:mohon|mhn) maaf\b", " "),
        (
            r"\b(?:di|d|ning|nang|neng|da)[ -]?(?:titik |tempat )?(?:lokasi|lok|lks|tkp|kejadian)\b(?! lain)",
            " dilokasi ",
        ),
        (r"\b(?:posisi|pos) (?:di|d)?(?:lokasi|tkp)\b", " dilokasi "),
        (r"\b(?:leaving|left) (?:the )?(?:base|station)\b", " otw "),
        (
            r"\b(?:mulai|mulei|mulay|start(?:ed|ing)?|begun|began|beginning) (?:to |the )?(?:bertindak|tindakan|beraksi"
            r"|operasi|beroperasi|pemadaman|memadamkan|padamkan|penanganan|menangani|tangani|pertolongan|menolong"
            r"|evakuasi|mengevakuasi|penyelamatan|menyelamatkan|penyemprotan|menyemprot|semprot|pendinginan"
            r"|operations?|operating|firefighting|extinguishing|treatment|rescue|evacuation)\b",
            " mulaibertindak ",
        ),
        (r"\boperating (?:now|at scene|on scene)\b", " mulaibertindak "),
        (r"\bthank(?:s| you)\b", " "),
        (r"\b(?:di|d|dalam|dlm) ?(?:perjalanan|prjalanan)\b", " otw "),
        (r"\b(?:di|d)(?:jalan|jln)\b", " di jalan "),
        (r"\b(?:jalan|jln)[ -]*(?:2|(?:jalan|jln)\b)", " pelesir "),
        # "Could be", "only listening".
        (r"\b(?:bisa|bs|monitor|pantau|standby) (?:saja|aja|ja|ae|haja)\b", " pelesir "),
        (r"\bkurang lebih\b", " sekitar "),
        (r"\bsiap[ -]+siap\b", " siapsiap "),
        (r"\bbaru(?:san)? (?:saja|aja|ja|haja)\b", " sudah "),
        (r"\bcan(?:'|’)?t\b", " cant "),
        (r"\bi(?:'|’)m\b", " im "),
        (r"\b(we|i)(?:'|’)(?:re|ve|m)\b", r" \1 "),
        (r"\bstand[ -]by\b", " standby "),
        (
            r"\b(?:tidak|tdk|gak|ga|gk|kada|ora|g|t|kagak|kaga|nggak|ngga)(?:bisa|bs|iso|kawa)\b",
            " tidak bisa ",
        ),
        (r"\b(?:kadada|kdada|kededa)\b", " tidak ada "),
        (r"\bgabs\b|\bgbs\b", " tidak bisa "),
        (r"\bkehabisan (\w+)\b", r" \1 habis "),
        (r"\bhi(?:'|’)ih\b", " ya "),
        (r"\b(?:rt|rw|no|nomor)[ .]{0,2}\d+\b", " blok "),
        (r"\b(?:o|0)(?:tw)\b", " otw "),
    )
)


def kind_of(word: str) -> str:
    """The letter of a word's kind, '' for what is dropped, 'x' for what may be a name, 'X' for what is not understood."""
    for known in forms(word):
        if known in _KIND:
            # "Timnya", "mobilnya" are spoken of by somebody else.
            return "O" if known != word and word.endswith("nya") and _KIND[known] in "SV" else _KIND[known]
    if word.isdigit():
        return "#"
    if len(word) >= 6 and (near := get_close_matches(word, _NEARLY, n=1, cutoff=0.85)):
        return _KIND[near[0]]
    if len(word) >= 4 and get_close_matches(word, NEAR_DENIAL, n=1, cutoff=0.79):
        return "X"
    return "X" if _VERB.match(word) else "x"


def forms(word: str) -> tuple[str, ...]:
    """A word, the same without letters typed on and on (siaaap), and without *-nya*, the."""
    once = re.sub(r"([a-z])\1+", r"\1", word)
    return tuple(dict.fromkeys((word, once, word.removesuffix("nya"), once.removesuffix("nya"))))


def _slips(word: str) -> set[str]:
    """The word as a thumb may write it: one key beside the right one, or two letters changed about."""
    found = {
        word[:at] + wrong + word[at + 1 :]
        for at, right in enumerate(word)
        for wrong in _BESIDE.get(right, "")
    }
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    return (found | swapped) - _OTHER_WORDS


# Indonesian's prefixes of verbs and states; a name of a place that begins so is none of a pattern's business.
_VERB = re.compile(r"(?:(?:di|ter|ber|me)[a-z]{4,}|ke[a-z]{3,}an)")
# A slip of the finger in one of these must not make it a name.
NEAR_DENIAL = tuple(word for kind in "NBCQ" for word in WORDS[kind].split() if len(word) >= 4) + tuple(
    word for word in STOP if len(word) >= 5
)
# What no reason can be called by: it is read as something else.
TAKEN = frozenset(word for kind in "KGADLTNUBcQj" for word in WORDS[kind].split()) - {"tugas"} | {"lagi"}
for _word in _SLIPPED:
    for _slip in sorted(_slips(_word)):
        _KIND.setdefault(_slip, _KIND[_word])
