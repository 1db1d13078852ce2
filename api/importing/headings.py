"""What a heading says about its section: the names that sites give to FAQs, related lists and the like.

It knows phrases and nothing of files; a phrase must be the whole heading, so that others stay prose.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from models.draft import SectionKind

PHRASES: dict[SectionKind, str] = {
    SectionKind.FAQ: """
        faq|faqs|f a q|frequently asked questions?|common questions|common questions and answers
        questions and answers
        questions answers|q a|q and a|people also ask|your questions answered|frequently asked
        häufig gestellte fragen|häufige fragen|oft gestellte fragen|fragen und antworten
        meistgestellte fragen
        foire aux questions|questions fréquentes|questions fréquemment posées|questions courantes
        questions et réponses
        preguntas frecuentes|preguntas más frecuentes|preguntas comunes|preguntas y respuestas
        perguntas frequentes|perguntas comuns|perguntas e respostas|dúvidas frequentes
        domande frequenti|domande comuni|domande e risposte
        veelgestelde vragen|vaak gestelde vragen|vragen en antwoorden
        よくある質問|よくあるご質問|よくある質問と回答|常见问题|常見問題|常见问题解答|常見問題解答
        常见问答
        자주 묻는 질문|자주 묻는 질문들|الأسئلة الشائعة|أسئلة شائعة|الأسئلة المتكررة|سوالات متداول
        پرسش های متداول
        अक्सर पूछे जाने वाले प्रश्न|अक्सर पूछे जाने वाले सवाल|часто задаваемые вопросы|частые вопросы
        вопросы и ответы
    """,
    SectionKind.RELATED: """
        see also|related|related articles?|related pages?|related posts?|related links?|related topics?
        related content|related reading|related resources|related stories|related guides
        related questions
        further reading|further resources|read more|read next|more articles|recommended reading
        recommended articles
        you may also like|you might also like|learn more|more like this
        siehe auch|verwandte artikel|verwandte themen|verwandte seiten|verwandte inhalte
        ähnliche artikel
        weiterführende links|weiterführende literatur|weiterführende informationen|weiterlesen
        zum weiterlesen
        das könnte sie auch interessieren|mehr zum thema
        voir aussi|articles connexes|articles liés|articles similaires|pour aller plus loin|à lire aussi
        lectures complémentaires|sur le même sujet|voir également
        véase también|vea también|ver también|artículos relacionados|lecturas adicionales
        lectura adicional
        contenido relacionado|más información|enlaces relacionados|temas relacionados
        veja também|ver também|artigos relacionados|leia também|leitura adicional|leituras adicionais
        conteúdo relacionado|saiba mais|links relacionados
        vedi anche|articoli correlati|articoli collegati|ulteriori letture|leggi anche|per approfondire
        approfondimenti
        zie ook|gerelateerde artikelen|gerelateerd|verwante artikelen|verder lezen|lees ook|lees verder
        関連項目|関連記事|関連情報|関連リンク|相关文章|相关内容|相关链接|参见|參見
        另请参阅|另見|延伸阅读
        延伸閱讀|相關文章|관련 글|관련 기사|관련 문서|같이 보기|함께 보기|더 보기|더 읽을거리
        انظر أيضا|مقالات ذات صلة|مواضيع ذات صلة|همچنین ببینید|مطالب مرتبط|مقالات مرتبط
        यह भी देखें|इन्हें भी देखें|संबंधित लेख|смотрите также|см также|похожие статьи|связанные статьи
        читайте также
    """,
    SectionKind.KEY_INSIGHTS: """
        key insights?|key takeaways?|key points|key facts|key findings|key learnings|main takeaways?
        takeaways
        the takeaways?|main points|highlights|at a glance|in brief|in a nutshell|quick facts|tl dr|tldr
        what you need to know
        das wichtigste in kürze|das wichtigste auf einen blick|auf einen blick|wichtigste erkenntnisse
        die wichtigsten erkenntnisse|zentrale erkenntnisse|kernpunkte|kernaussagen
        die wichtigsten punkte|in kürze
        points clés|points essentiels|à retenir|ce qu il faut retenir|l essentiel|en bref|idées clés
        les points clés|en un coup d œil
        puntos clave|ideas clave|conclusiones clave|de un vistazo|en resumen|aspectos clave
        lo más importante
        pontos chave|principais pontos|principais conclusões|destaques|em resumo|pontos principais
        punti chiave|in sintesi|in breve|i punti chiave|punti principali|a colpo d occhio
        belangrijkste punten|belangrijkste inzichten|in het kort|kernpunten|in één oogopslag
        de belangrijkste punten
        要点|重要なポイント|概要ポイント|キーポイント|关键要点|重點|重点|核心要点|要点总结
        핵심 요점|핵심 내용|주요 내용
        النقاط الرئيسية|أهم النقاط|نکات کلیدی|نکات مهم|मुख्य बातें|मुख्य बिंदु|главное|ключевые выводы
        ключевые моменты
    """,
    SectionKind.PROS_AND_CONS: """
        pros and cons|pros cons|pro and con|pro con|the pros and cons|pros vs cons
        advantages and disadvantages
        advantages disadvantages|benefits and drawbacks|benefits and risks|benefits and limitations
        strengths and weaknesses|opportunities and considerations|opportunities and risks
        opportunities and challenges|advantages and limitations|upsides and downsides
        vor und nachteile|vorteile und nachteile|pro und contra|pro und kontra|für und wider
        chancen und risiken
        stärken und schwächen
        avantages et inconvénients|pour et contre|le pour et le contre|points forts et points faibles
        forces et faiblesses
        ventajas y desventajas|ventajas e inconvenientes|pros y contras|a favor y en contra
        puntos a favor y en contra
        vantagens e desvantagens|prós e contras
        vantaggi e svantaggi|pro e contro|pregi e difetti
        voor en nadelen|voordelen en nadelen|plus en minpunten|pluspunten en minpunten
        メリットとデメリット|メリット デメリット|長所と短所|优缺点|优点和缺点|优点与缺点|利弊|優缺點
        優點與缺點|장단점|장점과 단점
        الإيجابيات والسلبيات|المزايا والعيوب|مزایا و معایب|फायदे और नुकसान|плюсы и минусы
        преимущества и недостатки|за и против
    """,
    SectionKind.IMAGE_GALLERY: """
        image gallery|photo gallery|picture gallery|gallery|the gallery|galleries
        bildergalerie|bildgalerie|fotogalerie|galerie
        galerie d images|galerie photos?|galerie de photos|en images
        galería de imágenes|galería de fotos|galería
        galeria de imagens|galeria de fotos|galeria
        galleria di immagini|galleria fotografica|galleria|galleria immagini
        fotogalerij|galerij|beeldgalerij
        画像ギャラリー|フォトギャラリー|ギャラリー|图库|图片库|图集|圖庫|이미지 갤러리|갤러리
        معرض الصور|گالری تصاویر|گالری عکس|चित्र दीर्घा|галерея|галерея изображений|фотогалерея
    """,
    SectionKind.FINAL_THOUGHTS: """
        conclusions?|in conclusion|the conclusion|summary|in summary|to sum up|summing up|wrap up
        wrapping up
        final thoughts?|closing thoughts|concluding thoughts|concluding remarks|final words
        closing words
        closing remarks|last words|parting thoughts|the bottom line|bottom line|final remarks
        summary and conclusions?
        fazit|zusammenfassung|schlussfolgerung|schlussfolgerungen|schlusswort|abschließende gedanken
        schlussbemerkung
        mein fazit|unser fazit|schlussbetrachtung
        résumé|pour conclure|en conclusion|mot de la fin|synthèse|réflexions finales|pour finir
        conclusión|conclusiones|resumen|reflexiones finales|palabras finales|para concluir|en conclusión
        conclusão|conclusões|resumo|considerações finais|reflexões finais|palavras finais|em conclusão
        conclusione|conclusioni|riepilogo|riassunto|considerazioni finali|riflessioni finali
        in conclusione
        conclusie|conclusies|samenvatting|tot slot|slotgedachten|slotwoord|slotopmerkingen|ten slotte
        まとめ|おわりに|結論|終わりに|最後に|总结|結語|结论|结语|總結|小结|결론|마무리|요약|마치며
        맺음말
        الخلاصة|الخاتمة|خلاصة|خاتمة|ملخص|نتیجه گیری|جمع بندی|خلاصه|निष्कर्ष|सारांश|заключение|выводы
        вывод|итоги|итог
        резюме
    """,
}

# "Common questions about tea", "FAQ zu Tee": words that lead from the name of a list to its subject.
SUBJECT = "about|on|for|regarding|of|zu|zum|zur|über|rund um|sur|à propos|sobre|acerca|su|sul|sulla|over"
NUMBERING = re.compile(r"^(?:\d+|[ivx]+)(?:[.):]\d*)+\s+")
QUESTION_MARKS = ("?", "\uff1f", "\u061f")
CLOSERS = " \t\n*_`\"'\u201d\u2019»)]"


def fold(text: str) -> str:
    """Return the words of a text in one spelling: no case, no punctuation or symbols, single spaces."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    bare = NUMBERING.sub("", composed.strip())
    kept = (char if char.isalnum() or unicodedata.category(char).startswith("M") else " " for char in bare)
    return " ".join("".join(kept).split())


def _spellings(phrases: str) -> Iterator[str]:
    for part in re.split(r"[|\n]", phrases):
        # A question mark at the end of a phrase makes its last letter, the plural's, optional.
        if part.strip().endswith("?"):
            yield fold(part)[:-1]
        yield fold(part)


KINDS = {words: kind for kind, phrases in PHRASES.items() for words in _spellings(phrases) if words}
ABOUT = re.compile(rf"(.+?) (?:{SUBJECT}) .+")
LISTS = (SectionKind.FAQ, SectionKind.PROS_AND_CONS)


def classify_heading(text: str) -> SectionKind:
    """Return what part a section plays, judged by its heading's words alone; PROSE where none is known.

    The heading is plain text. Numbering ("3. Conclusion"), case, punctuation and emoji do not count,
    and a FAQ or a list of pros and cons may name its subject ("Common questions about tea").
    """
    words = fold(text)
    if words in KINDS:
        return KINDS[words]
    about = ABOUT.fullmatch(words)
    kind = KINDS.get(about[1], SectionKind.PROSE) if about else SectionKind.PROSE
    return kind if kind in LISTS else SectionKind.PROSE


MARKS = {kind.value.replace("_", "-"): kind for kind in SectionKind}
"""The classes with which a heading says itself what its section is: `## Billing {.faq}`."""

QUESTION_MARK = "question"
"""The class of a heading that is a question, whatever its words: `### Billing {.question}`."""


def marked_kind(classes: Iterable[str]) -> SectionKind | None:
    """Return the kind that the classes of a heading name, None where they name none."""
    return next((MARKS[name] for name in classes if name in MARKS), None)


def is_question(text: str) -> bool:
    """Tell whether a text ends with a question mark (Latin, wide, Arabic), emphasis and quotes aside."""
    return text.rstrip(CLOSERS).endswith(QUESTION_MARKS)
