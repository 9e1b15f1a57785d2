#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills the English plural forms of a translation file that lupdate made with -pluralonly: sources say
"%n pair(s) are left out", which becomes "%n pair is left out" and "%n pairs are left out".

    lupdate -pluralonly -no-obsolete -locations none ui -source-language en -target-language en \
            -ts resources/translations/preflab_en.ts
    packaging/english_plurals.py resources/translations/preflab_en.ts
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

# Words that go with the noun, in the singular.
SINGULAR = (("they are ", "it is "), ("their ends", "its end"), (" are ", " is "), (" have ", " has "),
            ("and teach ", "and teaches "))


def forms(source):
    one = re.sub(r"\((?:s|es)\)", "", source)
    if one != source:
        for plural, singular in SINGULAR:
            one = one.replace(plural, singular)
    else:
        one = source.replace("runs are", "run is")
    return one, re.sub(r"\((s|es)\)", r"\1", source)


def main(path):
    tree = ElementTree.parse(path)
    for message in tree.iter("message"):
        if message.get("numerus") != "yes":
            continue
        translation = message.find("translation")
        translation.attrib.pop("type", None)
        for element, text in zip(translation.findall("numerusform"), forms(message.findtext("source"))):
            element.text = text
    for context in tree.findall("context"):
        # lupdate leaves out the namespace that Qt's own meta objects name.
        name = context.find("name")
        if not name.text.startswith("preflab::"):
            name.text = "preflab::" + name.text
    ElementTree.indent(tree, space="    ")
    with open(path, "wb") as file:
        file.write(b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n')
        tree.write(file, encoding="utf-8", xml_declaration=False)
        file.write(b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
