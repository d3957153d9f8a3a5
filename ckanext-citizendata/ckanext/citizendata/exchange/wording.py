"""What the spreadsheet says to the person who fills it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["NAME_HELP", "OBLIGATIONS", "SHEETS_HEADING", "WELCOMES", "Welcome"]

# What stands before the help of a column.
OBLIGATIONS: Mapping[str, str] = {
    "required": "Required.",
    "one_language": "Required in one language at least.",
    "each_row": "Required in each row that you fill in.",
    "recommended": "Recommended.",
    "optional": "Optional.",
}

NAME_HELP = (
    "Small letters, digits and hyphens; the other sheets refer to it, and it ends the web address of the page."
    " Example: water-points-kibera-2024."
)

SHEETS_HEADING = ("Sheet", "Français", "Español", "العربية", "Required?")


class Welcome(NamedTuple):
    """The first page in one language; `code` is its tag."""

    code: str
    title: str
    about: str
    steps: tuple[str, ...]


WELCOMES = (
    Welcome(
        "en",
        "Describe your data",
        "With this file you describe datasets of citizen data for a catalogue. It holds descriptions, not the data"
        " themselves.",
        (
            (
                "Write one dataset in each row of the sheet “Datasets”. Give each a short name of small letters, digits"
                " and hyphens, such as water-points-kibera-2024: the other sheets refer to it."
            ),
            (
                "In the other sheets, choose the dataset in the first column and write one contact, one place or one"
                " file in each row. A dataset may have several rows there, or none."
            ),
            (
                "Coloured columns are required. If nobody knows the answer, “Unknown” is a good answer where the list"
                " has it."
            ),
            (
                "Where a cell offers a list, choose from it. You may also type the words in English, French, Spanish or"
                " Arabic. For several answers, put a semicolon between them: Kenya; Uganda."
            ),
            "A date may be a year, a month or a day: 2023, 2023-04 or 2023-04-15.",
            "Leave the grey row with the names of the columns as it is. What you don't need may stay empty.",
            (
                "Write nothing that could put people at risk: no names of people who took part, no exact places of"
                " people in danger."
            ),
        ),
    ),
    Welcome(
        "fr",
        "Décrivez vos données",
        "Ce fichier sert à décrire des jeux de données citoyennes pour un catalogue. Il contient des descriptions, pas"
        " les données elles-mêmes.",
        (
            (
                "Écrivez un jeu de données par ligne dans la feuille « Datasets ». Donnez à chacun un nom court en"
                " lettres minuscules, chiffres et traits d'union, par exemple points-eau-kibera-2024 : les autres"
                " feuilles y renvoient."
            ),
            (
                "Dans les autres feuilles, choisissez le jeu de données dans la première colonne, puis écrivez un"
                " contact, un lieu ou un fichier par ligne. Un jeu de données peut y avoir plusieurs lignes, ou aucune."
            ),
            (
                "Les colonnes en couleur sont obligatoires. Si personne ne connaît la réponse, « inconnu » est une"
                " bonne réponse lorsque la liste la propose."
            ),
            (
                "Si une cellule propose une liste, choisissez-y. Vous pouvez aussi écrire les mots en français, en"
                " anglais, en espagnol ou en arabe. S'il y a plusieurs réponses, séparez-les par un point-virgule :"
                " Kenya ; Ouganda."
            ),
            "Une date peut être une année, un mois ou un jour : 2023, 2023-04 ou 2023-04-15.",
            (
                "Laissez telle quelle la ligne grise qui nomme les colonnes. Ce dont vous n'avez pas besoin peut rester"
                " vide."
            ),
            (
                "N'écrivez rien qui puisse mettre quelqu'un en danger : aucun nom de participante ou de participant,"
                " aucun lieu exact de personnes menacées."
            ),
        ),
    ),
    Welcome(
        "es",
        "Describa sus datos",
        "Con este archivo usted describe conjuntos de datos ciudadanos para un catálogo. Contiene descripciones, no los"
        " datos mismos.",
        (
            (
                "Escriba un conjunto de datos por fila en la hoja «Datasets». Dé a cada uno un nombre corto con letras"
                " minúsculas, cifras y guiones, por ejemplo puntos-agua-kibera-2024: las demás hojas remiten a él."
            ),
            (
                "En las demás hojas, elija el conjunto de datos en la primera columna y escriba un contacto, un lugar o"
                " un archivo por fila. Un conjunto de datos puede tener ahí varias filas, o ninguna."
            ),
            (
                "Las columnas en color son obligatorias. Si nadie conoce la respuesta, «desconocido» es una buena"
                " respuesta cuando la lista la ofrece."
            ),
            (
                "Si una celda ofrece una lista, elija de ella. También puede escribir las palabras en español, inglés,"
                " francés o árabe. Si hay varias respuestas, sepárelas con punto y coma: Kenya; Uganda."
            ),
            "Una fecha puede ser un año, un mes o un día: 2023, 2023-04 o 2023-04-15.",
            "Deje como está la fila gris con los nombres de las columnas. Lo que no necesite puede quedar vacío.",
            (
                "No escriba nada que pueda poner en riesgo a alguien: ningún nombre de quienes participaron, ningún"
                " lugar exacto de personas en peligro."
            ),
        ),
    ),
    Welcome(
        "ar",
        "صِف بياناتك",
        "بهذا الملف تصف مجموعات من بيانات المواطنين لفهرس. يحتوي على أوصاف، لا على البيانات نفسها.",
        (
            (
                "اكتب مجموعة بيانات واحدة في كل سطر من ورقة «Datasets». أعطِ كلًّا منها اسمًا قصيرًا من أحرف لاتينية"
                " صغيرة وأرقام وواصلات، مثل water-points-kibera-2024، فالأوراق الأخرى تشير إليه."
            ),
            (
                "في الأوراق الأخرى، اختر مجموعة البيانات في العمود الأول، واكتب جهة اتصال واحدة أو مكانًا واحدًا أو"
                " ملفًا واحدًا في كل سطر. قد يكون لمجموعة البيانات هناك عدة أسطر أو لا شيء."
            ),
            "الأعمدة الملوّنة مطلوبة. إذا لم يعرف أحد الإجابة فإن «غير معروف» إجابة جيدة حيث تتيحها القائمة.",
            (
                "حيث تعرض الخلية قائمة، اختر منها. ويمكنك أيضًا كتابة الكلمات بالعربية أو الإنجليزية أو الفرنسية أو"
                " الإسبانية. وإذا تعددت الإجابات فضع بينها فاصلة منقوطة: كينيا؛ أوغندا."
            ),
            "قد يكون التاريخ سنة أو شهرًا أو يومًا: 2023 أو 2023-04 أو 2023-04-15.",
            "اترك السطر الرمادي الذي يسمّي الأعمدة كما هو. وما لا تحتاج إليه يمكن أن يبقى فارغًا.",
            "لا تكتب شيئًا قد يعرّض أحدًا للخطر: لا أسماء من شاركوا، ولا أماكن دقيقة لأشخاص مهدَّدين.",
        ),
    ),
)
