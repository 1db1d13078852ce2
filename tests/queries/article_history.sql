SELECT id, name, role, sites, locales, created_at, created_by, expires_at, revoked_at, last_used_at
  FROM token
  WHERE hash = ?;

SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

SELECT p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.slug = ?
  AND p.site_id = ?
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND 1 = 1
  ORDER BY CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END , p.article_id;

SELECT c.article_id, c.locale, c.revision_id, c.position, c.kind, r.moment, r.actor, r.message
  FROM change c
  JOIN revision r ON r.number = c.revision_id
  WHERE c.article_id = ?
  AND c.locale = ?
  AND c.revision_id <= ?
  AND (c.revision_id < ? OR (c.revision_id = ?
  AND c.position < ?))
  ORDER BY c.revision_id DESC, c.position DESC
  LIMIT ?;

SELECT c.article_id, c.locale, c.revision_id, c.position, c.kind, r.moment, r.actor, r.message
  FROM change c
  JOIN revision r ON r.number = c.revision_id
  WHERE c.article_id = ?
  AND c.locale = ?
  AND c.revision_id <= ?
  AND (c.revision_id < ? OR (c.revision_id = ?
  AND c.position < ?))
  ORDER BY c.revision_id DESC, c.position DESC
  LIMIT ?;

SELECT p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM (SELECT d.id, d.article_id, h.site_id, d.locale, d.slug, d.id AS edition_id, d.since, d.until, COALESCE(l.published_at, 9223372036854775807) AS published_at
  FROM edition d
  JOIN article h ON h.id = d.article_id LEFT
  JOIN publication l ON l.article_id = d.article_id
  AND l.locale = d.locale
  AND l.since <= ?
  AND l.until > ?
  AND l.live_from <= ?
  AND l.live_until > ? ) p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.article_id IN (SELECT value
  FROM json_each(?))
  AND p.since <= ?
  AND p.until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?));

SELECT p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM (SELECT d.id, d.article_id, h.site_id, d.locale, d.slug, d.id AS edition_id, d.since, d.until, COALESCE(l.published_at, 9223372036854775807) AS published_at
  FROM edition d
  JOIN article h ON h.id = d.article_id LEFT
  JOIN publication l ON l.article_id = d.article_id
  AND l.locale = d.locale
  AND l.since <= ?
  AND l.until > ?
  AND l.live_from <= ?
  AND l.live_until > ? ) p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.article_id IN (SELECT value
  FROM json_each(?))
  AND p.since <= ?
  AND p.until > ?
  AND p.locale IN (SELECT value
  FROM json_each(?));

SELECT COUNT(*) AS total
  FROM change c
  WHERE c.article_id = ?
  AND c.locale = ?
  AND c.revision_id <= ?;

SELECT json_group_array(json_array(edition_id, key, position, level, kind, heading, anchor, body_markdown, body_html, body_text, word_count, images, pros, cons)) AS gathered
  FROM section
  WHERE edition_id IN (SELECT value
  FROM json_each(?));

SELECT json_group_array(json_array(edition_id, key, position, section, anchor, question, answer_markdown, answer_html, answer_text, word_count, images)) AS gathered
  FROM question
  WHERE edition_id IN (SELECT value
  FROM json_each(?));

SELECT json_group_array(json_array(edition_id, kind, position, section, label, url, target_id)) AS gathered
  FROM link
  WHERE edition_id IN (SELECT value
  FROM json_each(?));

SELECT e.id, e.seo
  FROM edition e
  WHERE e.id IN (SELECT value
  FROM json_each(?));

SELECT p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM (SELECT d.id, d.article_id, h.site_id, d.locale, d.slug, d.id AS edition_id, d.since, d.until, COALESCE(l.published_at, 9223372036854775807) AS published_at
  FROM edition d
  JOIN article h ON h.id = d.article_id LEFT
  JOIN publication l ON l.article_id = d.article_id
  AND l.locale = d.locale
  AND l.since <= ?
  AND l.until > ?
  AND l.live_from <= ?
  AND l.live_until > ? ) p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.article_id IN (SELECT value
  FROM json_each(?))
  AND p.since <= ?
  AND p.until > ?
  AND 1 = 1
  AND NOT EXISTS (SELECT 1
  FROM edition o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND 1 = 1
  AND CASE WHEN o.locale = s.default_locale THEN '' ELSE o.locale END < CASE WHEN p.locale = s.default_locale THEN '' ELSE p.locale END );

