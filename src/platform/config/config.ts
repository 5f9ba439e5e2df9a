import { resolve } from 'node:path';
import {
  ArrayMaxSize,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  type ValidationError,
  validateSync,
} from 'class-validator';
import { IsNetworkList, IsOriginList, IsRoleSet, IsServiceUrl, IsTimeZone } from './checks.js';
import { roleProblems, tlsProblems } from './contradictions.js';
import {
  DOCUMENT_VARIABLES,
  documentProblems,
  isSecretVariable,
  keepsDocuments,
  parseDocumentSettings,
} from './document-settings.js';
import { LETTER_VARIABLES, parseLetterSettings } from './letter-settings.js';
import { maskUrl } from './mask-url.js';
import {
  ALL_ROLES,
  canonicalTimeZone,
  type Environment,
  integerOf,
  linesOf,
  listOf,
  type Role,
  rolesOf,
} from './parse.js';
import {
  parseSigningSettings,
  SIGNING_VARIABLES,
  SigningSettings,
  signingProblems,
} from './signing-settings.js';
import { ConfigError } from './startup.error.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const SWITCH = ['on', 'off'] as const;
export type Switch = (typeof SWITCH)[number];

/** TCP ports; 0 asks the system for a free one, which tests use. */
const PORT_MAX = 65_535;
const A_PORT = `must be a whole number from 0 (any free port) to ${PORT_MAX}`;

/** Below the sockets that the DICOM door opens at all (256, of one address 32), so that a rejection can still be said. */
const ASSOCIATIONS_MAX = 200;
const ASSOCIATIONS_PER_ADDRESS_MAX = 24;
const SOME_ASSOCIATIONS = `must be a whole number from 1 to ${ASSOCIATIONS_MAX}`;
const SOME_FROM_ONE_ADDRESS = `must be a whole number from 1 to ${ASSOCIATIONS_PER_ADDRESS_MAX}`;

/** DICOM PS3.5, VR AE: at most 16 characters of the default repertoire, without backslash; outer spaces do not count. */
const AE_TITLE = /^(?! )[\x20-\x5b\x5d-\x7e]{1,16}(?<! )$/;

/** As people write it: figures, spaces, brackets and dashes. It is shown, never dialled by us. */
const TELEPHONE = /^\+?[0-9(][0-9 ()-]{4,29}$/;

/** What fits the window of an envelope. */
const ADDRESS_LINES_MAX = 8;
const ADDRESS_LINE_CHARACTERS_MAX = 80;
const AN_ADDRESS = `must be at most ${ADDRESS_LINES_MAX} lines with semicolons between them, of at most ${ADDRESS_LINE_CHARACTERS_MAX} characters each`;

/** A host name or an address, as `listen` takes it. */
const HOST = /^[A-Za-z0-9.:_%-]{1,253}$/;

/** Everything that can be set from outside. Made by `readConfig` only, and frozen. */
export class Config extends SigningSettings {
  /** Port of the HTTP and GraphQL door. */
  @IsInt({ message: A_PORT })
  @Min(0, { message: A_PORT })
  @Max(PORT_MAX, { message: A_PORT })
  readonly port: number;

  /** Address that the HTTP and DICOM doors listen on. */
  @Matches(HOST, { message: 'must be a host name or an IP address, such as 127.0.0.1 or 0.0.0.0' })
  readonly host: string;

  /** Proxies in front of the HTTP door, addresses and networks: what they say of a caller's address is believed. */
  @IsNetworkList({
    message: 'must be IP addresses or networks, such as 127.0.0.1, 10.0.0.0/8, with commas between them',
  })
  readonly trustedProxies: readonly string[];

  /** Port of the DICOM door. */
  @IsInt({ message: A_PORT })
  @Min(0, { message: A_PORT })
  @Max(PORT_MAX, { message: A_PORT })
  readonly dicomPort: number;

  /** Port of the DICOM door that speaks TLS; undefined: there is none. Set together with its key and certificate. */
  @IsOptional()
  @IsInt({ message: A_PORT })
  @Min(0, { message: A_PORT })
  @Max(PORT_MAX, { message: A_PORT })
  readonly dicomTlsPort: number | undefined;

  /** Absolute path of the private key of the DICOM door, PEM without a passphrase. */
  readonly dicomTlsKeyFile: string | undefined;

  /** Absolute path of its certificate and the chain behind it, PEM. */
  readonly dicomTlsCertificateFile: string | undefined;

  /** Absolute path of the authorities that scanners' certificates are judged by, PEM; undefined: none is trusted. */
  readonly dicomTlsCaFile: string | undefined;

  /** Associations of all scanners at once. */
  @IsInt({ message: SOME_ASSOCIATIONS })
  @Min(1, { message: SOME_ASSOCIATIONS })
  @Max(ASSOCIATIONS_MAX, { message: SOME_ASSOCIATIONS })
  readonly dicomAssociationsMax: number;

  /** Of those, from one address. */
  @IsInt({ message: SOME_FROM_ONE_ADDRESS })
  @Min(1, { message: SOME_FROM_ONE_ADDRESS })
  @Max(ASSOCIATIONS_PER_ADDRESS_MAX, { message: SOME_FROM_ONE_ADDRESS })
  readonly dicomAssociationsPerAddressMax: number;

  /** The name scanners call us by. */
  @Matches(AE_TITLE, { message: 'must be 1 to 16 plain ASCII characters without a backslash' })
  readonly dicomAeTitle: string;

  /** An outside PostgreSQL; undefined: the embedded one. */
  @IsOptional()
  @IsServiceUrl(['postgres', 'postgresql'], {
    message:
      'must look like postgresql://user:password@host:5432/database, or be left out for the embedded database',
  })
  readonly databaseUrl: string | undefined;

  /** An outside Redis for the queues; undefined: queues on PostgreSQL. */
  @IsOptional()
  @IsServiceUrl(['redis', 'rediss'], {
    message:
      'must look like redis://host:6379 or rediss://host:6379, or be left out for queues on PostgreSQL',
  })
  readonly redisUrl: string | undefined;

  /** The mail server; undefined: mail is written to `<home>/mail` as .eml files. */
  @IsOptional()
  @IsServiceUrl(['smtp', 'smtps'], {
    message: 'must look like smtp://user:password@host:587, or be left out to keep mail as files',
  })
  readonly smtpUrl: string | undefined;

  /** Sender of the clinic's mail. */
  @IsEmail(
    { allow_display_name: true },
    { message: 'must be an address, such as clinic@example.org or Pain Clinic <clinic@example.org>' },
  )
  readonly mailFrom: string;

  /** Websites whose pages may show and send the enquiry form; empty: only our own page and programs. */
  @IsOriginList({
    message: 'must be websites, such as https://www.example.org, without a path and with commas between them',
  })
  readonly enquiryOrigins: readonly string[];

  /** The number that patients ring, as letters write it; undefined: letters say reception and no number. */
  @IsOptional()
  @Matches(TELEPHONE, { message: 'must be a telephone number of 5 to 30 characters, such as 020 7946 0000' })
  readonly clinicTelephone: string | undefined;

  /** Where patients come when their site has no address of its own, line by line; empty: letters name the clinic only. */
  @ArrayMaxSize(ADDRESS_LINES_MAX, { message: AN_ADDRESS })
  @MaxLength(ADDRESS_LINE_CHARACTERS_MAX, { each: true, message: AN_ADDRESS })
  @Matches(/^\P{Cc}+$/u, { each: true, message: AN_ADDRESS })
  readonly clinicAddressLines: readonly string[];

  /** The jobs of this process. */
  @IsRoleSet({ message: `must be all, or some of ${ALL_ROLES.join(', ')} with commas between them` })
  readonly roles: ReadonlySet<Role>;

  /** Time zone of the clinic's wall clock: an IANA name. */
  @IsTimeZone({ message: 'must be an IANA time zone, such as Europe/London' })
  readonly clinicTimeZone: string;

  /** Whether the clock from referral to treatment (RTT) is shown and recorded: clinics of the NHS do, others need not. */
  @IsIn(SWITCH, { message: `must be ${SWITCH.join(' or ')}` })
  readonly rttClock: Switch;

  @IsIn(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` })
  readonly logLevel: LogLevel;

  /** Absolute path of the folder for everything this installation keeps on disk. */
  readonly home: string;
}

type Setting = keyof Config;

/** Every variable, the property it fills, and what holds when it is unset. */
export const VARIABLES: Readonly<Record<string, { readonly property: Setting; readonly fallback?: string }>> =
  {
    PORT: { property: 'port', fallback: '3000' },
    HOST: { property: 'host', fallback: '127.0.0.1' },
    TRUSTED_PROXIES: { property: 'trustedProxies' },
    DICOM_PORT: { property: 'dicomPort', fallback: '11112' },
    DICOM_TLS_PORT: { property: 'dicomTlsPort' },
    DICOM_TLS_KEY_FILE: { property: 'dicomTlsKeyFile' },
    DICOM_TLS_CERTIFICATE_FILE: { property: 'dicomTlsCertificateFile' },
    DICOM_TLS_CA_FILE: { property: 'dicomTlsCaFile' },
    DICOM_ASSOCIATIONS_MAX: { property: 'dicomAssociationsMax', fallback: '64' },
    DICOM_ASSOCIATIONS_PER_ADDRESS_MAX: { property: 'dicomAssociationsPerAddressMax', fallback: '16' },
    DICOM_AE_TITLE: { property: 'dicomAeTitle', fallback: 'FACET' },
    DATABASE_URL: { property: 'databaseUrl' },
    REDIS_URL: { property: 'redisUrl' },
    SMTP_URL: { property: 'smtpUrl' },
    MAIL_FROM: { property: 'mailFrom', fallback: 'Facet Pain Clinic <clinic@facet.example>' },
    ENQUIRY_ORIGINS: { property: 'enquiryOrigins' },
    CLINIC_TELEPHONE: { property: 'clinicTelephone' },
    CLINIC_ADDRESS: { property: 'clinicAddressLines' },
    ...LETTER_VARIABLES,
    ROLE: { property: 'roles', fallback: 'all' },
    CLINIC_TIME_ZONE: { property: 'clinicTimeZone', fallback: 'Europe/London' },
    RTT_CLOCK: { property: 'rttClock', fallback: 'off' },
    ...SIGNING_VARIABLES,
    LOG_LEVEL: { property: 'logLevel', fallback: 'info' },
    FACET_HOME: { property: 'home', fallback: '.facet' },
    ...DOCUMENT_VARIABLES,
  };

/** What the variable says; an empty or blank one counts as unset. */
function textOf(env: Environment, variable: string): string | undefined {
  const text = env[variable]?.trim();
  return text === undefined || text === '' ? VARIABLES[variable]?.fallback : text;
}

function parse(env: Environment, cwd: string): Config {
  const text = (variable: string): string => textOf(env, variable) ?? '';
  const path = (variable: string): string | undefined => {
    const set = textOf(env, variable);
    return set === undefined ? undefined : resolve(cwd, set);
  };
  const tlsPort = textOf(env, 'DICOM_TLS_PORT');
  const values: Config = {
    port: integerOf(text('PORT')),
    host: text('HOST'),
    trustedProxies: listOf(text('TRUSTED_PROXIES')),
    dicomPort: integerOf(text('DICOM_PORT')),
    dicomTlsPort: tlsPort === undefined ? undefined : integerOf(tlsPort),
    dicomTlsKeyFile: path('DICOM_TLS_KEY_FILE'),
    dicomTlsCertificateFile: path('DICOM_TLS_CERTIFICATE_FILE'),
    dicomTlsCaFile: path('DICOM_TLS_CA_FILE'),
    dicomAssociationsMax: integerOf(text('DICOM_ASSOCIATIONS_MAX')),
    dicomAssociationsPerAddressMax: integerOf(text('DICOM_ASSOCIATIONS_PER_ADDRESS_MAX')),
    dicomAeTitle: text('DICOM_AE_TITLE'),
    databaseUrl: textOf(env, 'DATABASE_URL'),
    redisUrl: textOf(env, 'REDIS_URL'),
    smtpUrl: textOf(env, 'SMTP_URL'),
    mailFrom: text('MAIL_FROM'),
    enquiryOrigins: listOf(text('ENQUIRY_ORIGINS')),
    clinicTelephone: textOf(env, 'CLINIC_TELEPHONE'),
    clinicAddressLines: linesOf(text('CLINIC_ADDRESS')),
    roles: rolesOf(text('ROLE')),
    clinicTimeZone: canonicalTimeZone(text('CLINIC_TIME_ZONE')),
    rttClock: text('RTT_CLOCK').toLowerCase() as Switch,
    logLevel: text('LOG_LEVEL').toLowerCase() as LogLevel,
    home: resolve(cwd, text('FACET_HOME')),
    ...parseSigningSettings((variable) => textOf(env, variable)),
    ...parseLetterSettings((variable) => textOf(env, variable)),
    ...parseDocumentSettings((variable) => textOf(env, variable), path),
  };
  return Object.assign(new Config(), values);
}

/** `PORT is "http", but must be …`: the variable, the value as it was given, what is allowed. */
function sentenceOf(env: Environment, error: ValidationError): string {
  const variable = Object.keys(VARIABLES).find((name) => VARIABLES[name]?.property === error.property);
  const said = isSecretVariable(variable ?? '') ? '***' : maskUrl(textOf(env, variable ?? '') ?? '');
  const value = said.replace(/\p{Cc}/gu, '?');
  const allowed = Object.values(error.constraints ?? {})[0] ?? 'is not valid';
  return `${variable} is "${value}", but ${allowed}.`;
}

/**
 * Reads the settings from an environment. Throws a ConfigError that lists every problem at once.
 * Pure: `cwd` is what a relative FACET_HOME is relative to.
 */
export function readConfig(env: Environment, cwd: string): Config {
  const config = parse(env, cwd);
  const problems = [
    ...validateSync(config, { stopAtFirstError: true }).map((error) => sentenceOf(env, error)),
    ...roleProblems((variable) => textOf(env, variable), config),
    ...tlsProblems((variable) => textOf(env, variable)),
    ...documentProblems((variable) => textOf(env, variable), config.databaseUrl),
    ...signingProblems((variable) => textOf(env, variable), config, keepsDocuments(config)),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}
