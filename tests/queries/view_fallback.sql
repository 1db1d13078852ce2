SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

SELECT COUNT(*) AS total
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND ( p.site_id IN (?)
  AND p.locale IN (SELECT value
  FROM json_each(?)) OR p.site_id IN (?)
  AND p.locale IN (SELECT value
  FROM json_each(?)) )
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND ( s.id IN (?)
  AND o.locale IN (SELECT value
  FROM json_each(?)) OR s.id IN (?)
  AND o.locale IN (SELECT value
  FROM json_each(?)) )
  AND CASE WHEN s.id IN (?) THEN CASE o.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 END WHEN s.id IN (?) THEN CASE o.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 WHEN ? THEN 4 END END < CASE WHEN s.id IN (?) THEN CASE p.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 END WHEN s.id IN (?) THEN CASE p.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 WHEN ? THEN 4 END END )
  AND 1 = 1;

SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;

SELECT p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND ( p.site_id IN (?)
  AND p.locale IN (SELECT value
  FROM json_each(?)) OR p.site_id IN (?)
  AND p.locale IN (SELECT value
  FROM json_each(?)) )
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND ( s.id IN (?)
  AND o.locale IN (SELECT value
  FROM json_each(?)) OR s.id IN (?)
  AND o.locale IN (SELECT value
  FROM json_each(?)) )
  AND CASE WHEN s.id IN (?) THEN CASE o.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 END WHEN s.id IN (?) THEN CASE o.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 WHEN ? THEN 4 END END < CASE WHEN s.id IN (?) THEN CASE p.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 END WHEN s.id IN (?) THEN CASE p.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 WHEN ? THEN 4 END END )
  AND 1 = 1
  ORDER BY p.slug ASC, p.article_id ASC
  LIMIT ? OFFSET ?;

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
  AND ( p.site_id IN (?)
  AND p.locale IN (SELECT value
  FROM json_each(?)) OR p.site_id IN (?)
  AND p.locale IN (SELECT value
  FROM json_each(?)) )
  ORDER BY CASE WHEN s.id IN (?) THEN CASE p.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 END WHEN s.id IN (?) THEN CASE p.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 WHEN ? THEN 4 END END , p.article_id;

SELECT p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, e.word_count, e.reading_minutes, e.rendered
  FROM publication p
  JOIN edition e ON e.id = p.edition_id
  JOIN article a ON a.id = p.article_id
  JOIN site s ON s.id = p.site_id
  WHERE p.article_id IN (SELECT value
  FROM json_each(?))
  AND p.since <= ?
  AND p.until > ?
  AND p.live_from <= ?
  AND p.live_until > ?
  AND ( p.site_id IN (?)
  AND p.locale IN (SELECT value
  FROM json_each(?)) OR p.site_id IN (?)
  AND p.locale IN (SELECT value
  FROM json_each(?)) )
  AND NOT EXISTS (SELECT 1
  FROM publication o
  WHERE o.article_id = p.article_id
  AND o.since <= ?
  AND o.until > ?
  AND o.live_from <= ?
  AND o.live_until > ?
  AND ( s.id IN (?)
  AND o.locale IN (SELECT value
  FROM json_each(?)) OR s.id IN (?)
  AND o.locale IN (SELECT value
  FROM json_each(?)) )
  AND CASE WHEN s.id IN (?) THEN CASE o.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 END WHEN s.id IN (?) THEN CASE o.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 WHEN ? THEN 4 END END < CASE WHEN s.id IN (?) THEN CASE p.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 END WHEN s.id IN (?) THEN CASE p.locale WHEN ? THEN 0 WHEN ? THEN 1 WHEN ? THEN 2 WHEN ? THEN 3 WHEN ? THEN 4 END END );

