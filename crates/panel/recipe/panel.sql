-- From the result files of a panel to Parquet, and to the table of person-seconds, with DuckDB. docs/panels.md explains it.
--
--     duckdb -cmd "SET VARIABLE results = 'results/*.result.json.gz'; SET VARIABLE withdrawn = 'withdrawn.csv'" < panel.sql
--
-- `withdrawn.csv` has a column `session` with the codes of people who withdrew; it may hold nothing but the name. The folder
-- `samples` holds the readings as Parquet, `seconds.parquet` the table.

-- One row a session: complete, no preview, each once, nobody who withdrew. `columns` names what is read: all else is skipped.
CREATE OR REPLACE TEMP VIEW sessions AS
SELECT study.id AS study, session.id AS session, session.participant, session."group", session.sample_rate_hz AS rate,
    baselines, exposures, samples
FROM read_json(getvariable('results'), format = 'unstructured', maximum_object_size = 100_000_000, filename = true, columns = {
    study: 'STRUCT(id VARCHAR, measure_sha256 VARCHAR)',
    session: 'STRUCT(id VARCHAR, participant VARCHAR, "group" VARCHAR, outcome VARCHAR, preview BOOLEAN, sample_rate_hz UINTEGER)',
    models: 'STRUCT(detector_sha256 VARCHAR, classifier_sha256 VARCHAR, mapping VARCHAR)',
    baselines: 'STRUCT(from_exposure UINTEGER, raw USMALLINT[])[]',
    exposures: 'STRUCT(stimulus VARCHAR, "index" UINTEGER, attempt UINTEGER, duration_ms UINTEGER, interrupted VARCHAR)[]',
    samples: 'STRUCT(time_ms UINTEGER[], media_ms INTEGER[], exposure USMALLINT[], quality USMALLINT[], reasons UINTEGER[],
        yaw SMALLINT[], raw_angry USMALLINT[], raw_disgust USMALLINT[], raw_fear USMALLINT[], raw_happy USMALLINT[],
        raw_sad USMALLINT[], raw_surprise USMALLINT[], raw_neutral USMALLINT[])'
})
WHERE session.outcome = 'complete' AND NOT session.preview
    AND NOT EXISTS (FROM read_csv(getvariable('withdrawn'), header = true, columns = {session: 'VARCHAR'}) AS w WHERE w.session = session.id)
QUALIFY row_number() OVER (PARTITION BY session.id ORDER BY filename) = 1
    -- Numbers of different models or measures are never put together: the most frequent ones are taken.
    AND (study.measure_sha256, models) = (mode((study.measure_sha256, models)) OVER ());

-- The readings: several `unnest` of one SELECT run in step. Partitioned by study and stimulus, never by participant.
COPY (
    WITH readings AS (
        SELECT study, session, participant, "group", rate, exposures, baselines,
            unnest(samples.time_ms) AS time_ms, unnest(samples.media_ms) AS media_ms, unnest(samples.exposure) AS exposure,
            unnest(samples.quality) AS quality, unnest(samples.reasons) AS reasons, unnest(samples.yaw) AS yaw,
            unnest(samples.raw_angry) AS angry, unnest(samples.raw_disgust) AS disgust, unnest(samples.raw_fear) AS fear,
            unnest(samples.raw_happy) AS happy, unnest(samples.raw_sad) AS sad, unnest(samples.raw_surprise) AS surprise,
            unnest(samples.raw_neutral) AS neutral
        FROM sessions
    )
    SELECT * EXCLUDE (exposures, baselines),
        exposures[exposure + 1].stimulus AS stimulus, exposures[exposure + 1].duration_ms AS duration_ms,
        -- Of a stimulus that was shown again the last exposure counts that did not break off, else the last.
        exposure = coalesce(
            list_max([e."index" FOR e IN exposures IF e.stimulus = exposures[exposure + 1].stimulus AND e.interrupted IS NULL]),
            list_max([e."index" FOR e IN exposures IF e.stimulus = exposures[exposure + 1].stimulus])
        ) AS counts,
        [b.raw FOR b IN baselines IF b.from_exposure <= exposure][-1] AS baseline
    FROM readings
) TO 'samples' (FORMAT parquet, PARTITION_BY (study, stimulus), OVERWRITE_OR_IGNORE);

-- The person-seconds. A reading counts with a quality of 0.5, a face, and without `other_face` (bit 13); a second is there if
-- such readings cover half of it; an exposure is usable if 80 % of its seconds are there.
COPY (
    WITH counted AS (
        SELECT *, media_ms // least(duration_ms, 1000) AS second, greatest(duration_ms // 1000, 1) AS seconds,
            quality >= 5000 AND neutral IS NOT NULL AND reasons & (1 << 13) = 0 AS good
        FROM read_parquet('samples/**/*.parquet', hive_partitioning = true)
        WHERE counts AND media_ms >= 0
    ),
    means AS (
        SELECT study, session, any_value(participant) AS participant, any_value("group") AS "group", stimulus, second,
            any_value(seconds) AS seconds, any_value(baseline) AS baseline,
            avg(angry) / 1e4 AS angry, avg(disgust) / 1e4 AS disgust, avg(fear) / 1e4 AS fear, avg(happy) / 1e4 AS happy,
            avg(sad) / 1e4 AS sad, avg(surprise) / 1e4 AS surprise, avg(neutral) / 1e4 AS neutral,
            avg(greatest(-10000, least(10000, happy::INTEGER - (angry::INTEGER + disgust + fear + sad)))) / 1e4 AS valence,
            avg(10000 - neutral::INTEGER) / 1e4 AS intensity
        FROM counted
        WHERE good AND second < seconds
        GROUP BY study, session, stimulus, second, rate, duration_ms
        HAVING count(*) >= greatest(ceil(0.5 * least(duration_ms, 1000) * rate / 1000 - 1e-9), 1)
    )
    SELECT * EXCLUDE (seconds)
    FROM means
    QUALIFY count(*) OVER (PARTITION BY study, session, stimulus) >= 0.8 * seconds - 1e-9
    ORDER BY stimulus, session, second
) TO 'seconds.parquet' (FORMAT parquet);
