import { IsIn, IsInt, IsOptional, Matches, Max, MaxLength, Min } from 'class-validator';
import { IsClamdUrl, IsKeyList, IsServiceUrl } from './checks.js';
import { integerOf, type NamedKey, namedKeysOf } from './parse.js';

/** The largest a clinic sends on paper is a scanned file of notes. Beyond this a disc or a picture archive is meant. */
const DOCUMENT_MEGABYTES_MAX = 500;
const SOME_MEGABYTES = `must be a whole number from 1 to ${DOCUMENT_MEGABYTES_MAX}`;

/** What happens to a file while no scanner is configured: it can be opened and says that it was not scanned, or it waits. */
export const UNSCANNED_WAYS = ['open', 'wait'] as const;
export type UnscannedWay = (typeof UNSCANNED_WAYS)[number];

/** Amazon's rule, which the others keep. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const REGION = /^[A-Za-z0-9-]{1,40}$/;
const S3_SECRET_CHARACTERS_MAX = 200;
const A_SECRET = `must have at most ${S3_SECRET_CHARACTERS_MAX} characters`;

/** The settings of documents: where they lie, under which keys, and who looks for viruses. Part of Config. */
export abstract class DocumentSettings {
  /** Largest file that is taken in, in units of 1,048,576 bytes. */
  @IsInt({ message: SOME_MEGABYTES })
  @Min(1, { message: SOME_MEGABYTES })
  @Max(DOCUMENT_MEGABYTES_MAX, { message: SOME_MEGABYTES })
  readonly documentMegabytesMax: number;

  /** Master keys: the first seals what comes, all of them open what is there. Empty: the embedded installation's own. */
  @IsKeyList({
    message:
      'must be names and keys of 32 bytes in base64, such as 2026:mJ0…=, with commas between them and each name once',
  })
  readonly documentsKeys: readonly NamedKey[];

  /** Absolute path of the folder for sealed documents; undefined: `documents` in the home folder. Not used with S3. */
  readonly documentsFolder: string | undefined;

  @IsIn(UNSCANNED_WAYS, { message: `must be ${UNSCANNED_WAYS.join(' or ')}` })
  readonly documentsUnscanned: UnscannedWay;

  /** ClamAV's daemon; undefined: nobody looks for viruses. */
  @IsOptional()
  @IsClamdUrl({
    message:
      'must look like tcp://host:3310 or unix:///run/clamav/clamd.ctl, or be left out when nothing is scanned',
  })
  readonly clamdUrl: string | undefined;

  /** Where the S3 protocol is spoken; undefined: documents lie in a folder. */
  @IsOptional()
  @IsServiceUrl(['http', 'https'], {
    message: 'must look like https://s3.example.org, or be left out to keep documents in a folder',
  })
  readonly s3Endpoint: string | undefined;

  @IsOptional()
  @Matches(BUCKET, {
    message: 'must be 3 to 63 small letters, digits, dots and dashes, as a bucket is called',
  })
  readonly s3Bucket: string | undefined;

  @Matches(REGION, { message: 'must be letters, digits and dashes, such as eu-west-2' })
  readonly s3Region: string;

  @IsOptional()
  @MaxLength(S3_SECRET_CHARACTERS_MAX, { message: A_SECRET })
  readonly s3AccessKeyId: string | undefined;

  @IsOptional()
  @MaxLength(S3_SECRET_CHARACTERS_MAX, { message: A_SECRET })
  readonly s3SecretAccessKey: string | undefined;
}

interface DocumentVariable {
  readonly property: keyof DocumentSettings;
  readonly fallback?: string;
  /** Never repeated, not even when it is wrong. */
  readonly isSecret?: true;
}

export const DOCUMENT_VARIABLES = {
  DOCUMENT_MEGABYTES_MAX: { property: 'documentMegabytesMax', fallback: '50' },
  DOCUMENTS_KEYS: { property: 'documentsKeys', isSecret: true },
  DOCUMENTS_FOLDER: { property: 'documentsFolder' },
  DOCUMENTS_UNSCANNED: { property: 'documentsUnscanned', fallback: 'open' },
  CLAMD_URL: { property: 'clamdUrl' },
  S3_ENDPOINT: { property: 's3Endpoint' },
  S3_BUCKET: { property: 's3Bucket' },
  S3_REGION: { property: 's3Region', fallback: 'us-east-1' },
  S3_ACCESS_KEY_ID: { property: 's3AccessKeyId', isSecret: true },
  S3_SECRET_ACCESS_KEY: { property: 's3SecretAccessKey', isSecret: true },
} as const satisfies Readonly<Record<string, DocumentVariable>>;

type Said = (variable: keyof typeof DOCUMENT_VARIABLES) => string | undefined;

/** `said` gives what a variable holds, or what holds when it is unset; `path` the same, made absolute. */
export function parseDocumentSettings(said: Said, path: Said): DocumentSettings {
  return {
    documentMegabytesMax: integerOf(said('DOCUMENT_MEGABYTES_MAX') ?? ''),
    documentsKeys: namedKeysOf(said('DOCUMENTS_KEYS') ?? ''),
    documentsFolder: path('DOCUMENTS_FOLDER'),
    documentsUnscanned: (said('DOCUMENTS_UNSCANNED') ?? '').toLowerCase() as UnscannedWay,
    clamdUrl: said('CLAMD_URL'),
    s3Endpoint: said('S3_ENDPOINT'),
    s3Bucket: said('S3_BUCKET'),
    s3Region: said('S3_REGION') ?? '',
    s3AccessKeyId: said('S3_ACCESS_KEY_ID'),
    s3SecretAccessKey: said('S3_SECRET_ACCESS_KEY'),
  };
}

const S3_NEEDED = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

/** Half an S3 is none, and what is kept outside of the embedded installation needs a key that outlives the machine. */
export function documentProblems(said: Said, databaseUrl: string | undefined): readonly string[] {
  const given = S3_NEEDED.filter((variable) => said(variable) !== undefined);
  const missing = S3_NEEDED.filter((variable) => said(variable) === undefined);
  const problems: string[] = [];
  if (given.length > 0 && missing.length > 0) {
    problems.push(
      `${given.join(' and ')} ${given.length === 1 ? 'is' : 'are'} set, but ${missing.join(' and ')} ` +
        `${missing.length === 1 ? 'is' : 'are'} not: documents in S3 need all four.`,
    );
  }
  const places = [...given, ...(said('DOCUMENTS_FOLDER') === undefined ? [] : ['DOCUMENTS_FOLDER'])];
  if (databaseUrl !== undefined && places.length > 0 && said('DOCUMENTS_KEYS') === undefined) {
    problems.push(
      `${places.join(' and ')} ${places.length === 1 ? 'is' : 'are'} set, but DOCUMENTS_KEYS is not: documents are ` +
        'sealed before they are stored. Make a key with: echo "2026:$(openssl rand -base64 32)"',
    );
  }
  return problems;
}

/**
 * Whether this installation keeps documents: the embedded one always does; one with a PostgreSQL of its own when it has a
 * key, since a key that we made up on one machine would be missing on the next.
 */
export function keepsDocuments(
  config: DocumentSettings & { readonly databaseUrl: string | undefined },
): boolean {
  return config.databaseUrl === undefined || config.documentsKeys.length > 0;
}

/** Whether a variable's value may be repeated in a message. */
export function isSecretVariable(variable: string): boolean {
  const known: Readonly<Record<string, DocumentVariable>> = DOCUMENT_VARIABLES;
  return known[variable]?.isSecret === true;
}
