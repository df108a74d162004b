#!/usr/bin/env python3
"""Invented articles in any number, for measuring: JSON Lines on standard output, the same for the same number.

  tests/server/articles.py 100000 | isnad add --ledger big.ledger --lexicon examples/week/lexicon -

States, bodies, places and outlets are those of examples/week. One article in five nearly copies an earlier one of another
outlet, so that stories and happenings are joined as in real feeds.
"""

import datetime
import json
import random
import sys

OUTLETS = ["وكالة المرفأ للأنباء", "وكالة أنباء اليراع", "صحيفة القنديل", "صحيفة الدواة", "قناة المشكاة", "قناة الشرفة", "موقع الساقية", "صحيفة الخابية"]
STATES = ["مرسانيا", "سنداريا", "تيلانيا"]
BODIES = ["وزارة الخارجية المرسانية", "وزارة الدفاع المرسانية", "الحكومة السندارية", "وزارة الدفاع السندارية", "وزارة الداخلية السندارية", "الجيش السنداري"]
PLACES = ["مدينة تلماس", "وادي الصفصاف", "بلدة عين الرند", "قاعدة الصخرة الجوية", "معبر الرند", "مدينة نيروان", "مدينة بيت اللوز"]
FORCES = ["قوات الهضبة", "كتيبة الصقر", "لواء النهر", "لواء الجبل", "كتيبة السهل", "قوات الحدود", "لواء الميناء", "كتيبة الفجر"]
VOICES = ["متحدث باسم {body}", "مسؤول في {body}", "مصدر في {body}", "وزير الدفاع السنداري كمال الرجحاني", "شهود عيان"]
NUMBERS = ["ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
THINGS = ["مقاتلات", "مدرعات", "طائرات مسيرة", "صواريخ", "زوارق", "مدافع"]
DAYS = ["الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"]

EVENTS = [
    ("{state} ترسل {thing} إلى {force}", "قال {voice} إن {state} أرسلت {n} {thing} إلى {force} يوم {day}."),
    ("قصف في {place}", "قصفت {force} مواقع في {place} يوم {day}، وقال {voice} إن {number} أشخاص قتلوا وأصيب {n} آخرون."),
    ("محادثات بين {state} و{other}", "بحث وفد من {state} مع وفد من {other} وقف إطلاق النار في {place} يوم {day}."),
    ("{body} تدين القصف", "دانت {body} قصف {place}، ودعت {force} إلى وقف القتال."),
    ("احتجاجات في {place}", "تظاهر {n} شخص في {place} يوم {day} احتجاجا على قرار {body}، وفق ما أفاد به {voice}."),
    ("{force} تسيطر على {place}", "أعلن {voice} أن {force} سيطرت على {place} بعد اشتباكات قتل فيها {number} مسلحين."),
    ("نفي في {state}", "نفت {body} أن تكون {state} قد سلمت {n} {thing} إلى {force}."),
    ("مساعدات إلى {place}", "سلمت {state} {n} طنا من المساعدات الغذائية إلى {place} يوم {day}، بحسب {voice}."),
    ("عقوبات على {state}", "فرضت {other} عقوبات على {state} بسبب إرسال {thing} إلى {force}، وقال {voice} إنها تسري فورا."),
    ("اعتقالات في {place}", "اعتقلت {force} {number} أشخاص في {place} يوم {day}، ونقلت عن {voice} أنهم متهمون بالتجسس."),
]
REST = [
    "ولم يصدر تعليق من {body} حتى مساء {day}.",
    "وتقع {place} قرب الطريق الذي يصل المرتفعات بالساحل.",
    "وكانت {state} و{other} قد وقعتا اتفاقا في العام الماضي لم ينفذ منه شيء.",
    "وأضاف أن فرقا من المهندسين تعمل في {place} منذ أسابيع.",
    "ويسكن المنطقة نحو {n} ألف نسمة معظمهم من المزارعين.",
]


def article(i: int, pick: random.Random) -> dict:
    state, other = pick.sample(STATES, 2)
    body = pick.choice(BODIES)

    def filled(text: str) -> str:
        voice = pick.choice(VOICES).format(body=body)
        return text.format(
            state=state, other=other, body=body, force=pick.choice(FORCES), place=pick.choice(PLACES), voice=voice,
            thing=pick.choice(THINGS), number=pick.choice(NUMBERS), n=pick.randint(11, 990), day=pick.choice(DAYS),
        )

    events = pick.sample(EVENTS, pick.randint(1, 3))
    lines = [filled(e[1]) for e in events] + [filled(r) for r in pick.sample(REST, pick.randint(1, 3))]
    at = datetime.datetime(2028, 1, 1) + datetime.timedelta(minutes=pick.randint(0, 3 * 365 * 24 * 60))
    return {
        "id": f"s{i}", "title": filled(events[0][0]), "text": "\n".join(lines), "outlet": pick.choice(OUTLETS),
        "published": at.strftime("%Y-%m-%dT%H:%M:00Z"), "url": f"https://news.example/{i}",
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    pick = random.Random(7)
    earlier: list[dict] = []
    for i in range(count):
        if earlier and pick.random() < 0.2:
            first = pick.choice(earlier)
            at = datetime.datetime.strptime(first["published"], "%Y-%m-%dT%H:%M:00Z") + datetime.timedelta(hours=pick.randint(1, 30))
            d = {**first, "id": f"s{i}", "url": f"https://news.example/{i}", "published": at.strftime("%Y-%m-%dT%H:%M:00Z")}
            d["outlet"] = pick.choice([o for o in OUTLETS if o != first["outlet"]])
            d["text"] += pick.choice(["\nويتابع المراقبون هذا الملف.", "\nوكانت الأنباء قد تضاربت.", f"\nونشر الخبر يوم {pick.choice(DAYS)}."])
        else:
            d = article(i, pick)
        earlier.append(d)
        if len(earlier) > 400:
            earlier.pop(pick.randrange(200))
        print(json.dumps(d, ensure_ascii=False))


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.exit(0)
