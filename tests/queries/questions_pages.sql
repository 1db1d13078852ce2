SELECT q.key AS question_key, q.position AS question_position, q.section AS question_section, q.anchor AS question_anchor, q.question AS question_question, q.answer_markdown AS question_answer_markdown, q.answer_html AS question_answer_html, q.answer_text AS question_answer_text, q.word_count AS question_word_count, q.images AS question_images, p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  JOIN question q ON q.edition_id = e.id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END )
  AND 1 = 1
  ORDER BY p.published_at ASC, p.article_id ASC, q.position DESC
  LIMIT ? OFFSET ?;

SELECT q.key AS question_key, q.position AS question_position, q.section AS question_section, q.anchor AS question_anchor, q.question AS question_question, q.answer_markdown AS question_answer_markdown, q.answer_html AS question_answer_html, q.answer_text AS question_answer_text, q.word_count AS question_word_count, q.images AS question_images, p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  JOIN question q ON q.edition_id = e.id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END )
  AND 1 = 1
  ORDER BY p.published_at DESC, p.article_id DESC, q.position ASC
  LIMIT ? OFFSET ?;

SELECT q.key AS question_key, q.position AS question_position, q.section AS question_section, q.anchor AS question_anchor, q.question AS question_question, q.answer_markdown AS question_answer_markdown, q.answer_html AS question_answer_html, q.answer_text AS question_answer_text, q.word_count AS question_word_count, q.images AS question_images, p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  JOIN question q ON q.edition_id = e.id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END )
  AND 1 = 1
  AND ( ( p.published_at < ? ) OR ( p.published_at = ?
  AND p.article_id < ? ) OR ( p.published_at = ?
  AND p.article_id = ?
  AND q.position > ? ) )
  ORDER BY p.published_at DESC, p.article_id DESC, q.position ASC
  LIMIT ? OFFSET ?;

SELECT q.key AS question_key, q.position AS question_position, q.section AS question_section, q.anchor AS question_anchor, q.question AS question_question, q.answer_markdown AS question_answer_markdown, q.answer_html AS question_answer_html, q.answer_text AS question_answer_text, q.word_count AS question_word_count, q.images AS question_images, p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  JOIN question q ON q.edition_id = e.id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END )
  AND 1 = 1
  AND ( ( p.published_at > ? ) OR ( p.published_at = ?
  AND p.article_id > ? ) OR ( p.published_at = ?
  AND p.article_id = ?
  AND q.position < ? ) )
  ORDER BY p.published_at ASC, p.article_id ASC, q.position DESC
  LIMIT ? OFFSET ?;

