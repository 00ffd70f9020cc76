-- Which kind of topic each vocabulary holds. A vocabulary that is not listed holds subjects, as keywords and tags do.
-- Sources: the lists of index terms that Nexis and Factiva print (SUBJECT, COMPANY, TICKER, GEOGRAPHIC, PERSON; CO, IN,
-- NS, RE, PE); the elements of NITF's identified-content and of ninjs; the keywords of the New York Times; the sets of
-- Reuters-21578; IPTC's NewsCodes; and the vocabularies that AP, dpa, Reuters and STT name in their NewsML. A kind that
-- changes here changes what counts as one topic: recount the marts with a migration that drops mart.topic_count.
create or replace view news.topic_scheme as
select
    unnest(string_split(schemes, ' ')) as scheme,
    kind
from
    (
        values
        ('person', 'person persons people personality per apperson'),
        (
            'place',
            'place places location locations loc geographic geography glocations gpe city state country region poi '
            || 'geoarea apgeography dpaarea dpacountry sttlocationalias'
        ),
        (
            'organisation',
            'organisation organisations organization organizations orgs org company companies co exchanges apcompany '
            || 'aporganization'
        ),
        ('event', 'event events stt-events'),
        (
            'form',
            'genre type property dpatextgenre sttgenre sttversion sttdescription sttdepartment object.title'
        ),
        ('slug', 'slugline'),
        ('collection', 'collection products'),
        (
            'code',
            'ticker mcc mccl occ ric a1312cat apcategorycode cat sttdone1 stt-topics fieg_categories uri'
        )
    ) as listed (kind, schemes);

comment on view news.topic_scheme is 'The kind of topic that each vocabulary holds, of those that hold no subjects. Key: scheme.';
comment on column news.topic_scheme.scheme is 'Vocabulary, in small letters; compare scheme in news.dim_topic';
comment on column news.topic_scheme.kind is 'person, place, organisation, event, form (such as a genre), slug, collection or code; vocabularies that are not listed hold subjects';
