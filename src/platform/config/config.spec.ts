import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig, VARIABLES } from './config.js';
import { mergeEnvironments } from './environment.js';
import { maskUrl } from './mask-url.js';
import type { Environment } from './parse.js';
import { ConfigError, StartupError } from './startup.error.js';

const CWD = '/srv/facet';
const read = (env: Environment) => readConfig(env, CWD);

function problemsOf(env: Environment): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('with nothing set', () => {
  it('has a value for everything that needs one', () => {
    expect({ ...read({}), roles: [...read({}).roles] }).toEqual({
      port: 3000,
      host: '127.0.0.1',
      trustedProxies: [],
      dicomPort: 11112,
      dicomTlsPort: undefined,
      dicomTlsKeyFile: undefined,
      dicomTlsCertificateFile: undefined,
      dicomTlsCaFile: undefined,
      dicomAssociationsMax: 64,
      dicomAssociationsPerAddressMax: 16,
      dicomAeTitle: 'FACET',
      databaseUrl: undefined,
      redisUrl: undefined,
      smtpUrl: undefined,
      mailFrom: 'Facet Pain Clinic <clinic@facet.example>',
      clinicTelephone: undefined,
      clinicAddressLines: [],
      enquiryOrigins: [],
      mailReplyTo: undefined,
      clinicNoticesTo: [],
      roles: ['api', 'worker', 'scanner'],
      clinicTimeZone: 'Europe/London',
      rttClock: 'off',
      signingSecondFactor: 'enrolled',
      logLevel: 'info',
      home: '/srv/facet/.facet',
      documentMegabytesMax: 50,
      documentsKeys: [],
      documentsFolder: undefined,
      documentsUnscanned: 'open',
      clamdUrl: undefined,
      s3Endpoint: undefined,
      s3Bucket: undefined,
      s3Region: 'us-east-1',
      s3AccessKeyId: undefined,
      s3SecretAccessKey: undefined,
    });
  });

  it('takes an empty or blank value as unset', () => {
    const blank = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, '  ']));
    expect(read(blank)).toEqual(read({}));
  });
});

describe('what it makes of values', () => {
  it.each([
    ['all', ['api', 'worker', 'scanner']],
    ['api', ['api']],
    ['scanner, api', ['api', 'scanner']],
    ['worker,worker', ['worker']],
  ])('reads ROLE %j as %j', (ROLE, roles) => {
    const config = read({ ROLE, DATABASE_URL: 'postgresql://u:p@db/facet' });
    expect([...config.roles]).toEqual(roles);
  });

  it('takes FACET_HOME from the working folder, or as it is when absolute', () => {
    expect(read({ FACET_HOME: 'here' }).home).toBe('/srv/facet/here');
    expect(read({ FACET_HOME: '/data' }).home).toBe('/data');
  });

  it('takes the files of DICOM over TLS the same way', () => {
    const config = read({
      DICOM_TLS_PORT: '2762',
      DICOM_TLS_KEY_FILE: 'tls/facet.key',
      DICOM_TLS_CERTIFICATE_FILE: '/etc/facet/facet.crt',
    });
    expect(config).toMatchObject({
      dicomTlsPort: 2762,
      dicomTlsKeyFile: '/srv/facet/tls/facet.key',
      dicomTlsCertificateFile: '/etc/facet/facet.crt',
    });
    expect(config.dicomTlsCaFile).toBeUndefined();
  });

  it('takes the address of the clinic line by line', () => {
    const config = read({
      CLINIC_ADDRESS: '1 Harbour Street;  London ; N1 9GU',
      CLINIC_TELEPHONE: '+44 (0)20 7946-0000',
    });
    expect(config.clinicAddressLines).toEqual(['1 Harbour Street', 'London', 'N1 9GU']);
    expect(config.clinicTelephone).toBe('+44 (0)20 7946-0000');
    expect(Object.isFrozen(config.clinicAddressLines)).toBe(true);
  });

  it('takes the clinic’s own addresses one by one', () => {
    const config = read({
      CLINIC_NOTICES_TO: 'desk@example.org, nurse@example.org',
      MAIL_REPLY_TO: 'ask@example.org',
    });
    expect(config.clinicNoticesTo).toEqual(['desk@example.org', 'nurse@example.org']);
    expect(config.mailReplyTo).toBe('ask@example.org');
    expect(Object.isFrozen(config.clinicNoticesTo)).toBe(true);
  });

  it('writes a time zone as IANA does, and a log level and a switch in small letters', () => {
    const config = read({ CLINIC_TIME_ZONE: 'europe/london', LOG_LEVEL: 'WARN', RTT_CLOCK: 'On' });
    expect(config.rttClock).toBe('on');
    expect([config.clinicTimeZone, config.logLevel]).toEqual(['Europe/London', 'warn']);
  });

  it('cannot be changed', () => {
    const config = read({});
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
    expect(() => (config.roles as Set<string>).clear()).toThrow(TypeError);
    expect(config.roles.size).toBe(3);
  });
});

describe('proxies that are believed', () => {
  it('are none unless they are named, and then addresses and networks of both kinds', () => {
    expect(read({}).trustedProxies).toEqual([]);
    const named = read({ TRUSTED_PROXIES: ' 127.0.0.1, 10.0.0.0/8 ,::1,fd00::/8' }).trustedProxies;
    expect(named).toEqual(['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8']);
    expect(Object.isFrozen(named)).toBe(true);
  });
});

describe('websites that may send the enquiry form', () => {
  it('are none unless they are named', () => {
    expect(read({}).enquiryOrigins).toEqual([]);
    const named = read({ ENQUIRY_ORIGINS: 'https://www.example.org, http://localhost:8080' }).enquiryOrigins;
    expect(named).toEqual(['https://www.example.org', 'http://localhost:8080']);
  });
});

describe('what it refuses', () => {
  it.each([
    ['PORT', 'http', 'whole number'],
    ['PORT', '65536', '65535'],
    ['PORT', '-1', 'whole number'],
    ['PORT', '1e3', 'whole number'],
    ['DICOM_PORT', '3000.5', 'whole number'],
    ['DICOM_ASSOCIATIONS_MAX', '0', '1 to 200'],
    ['DICOM_ASSOCIATIONS_PER_ADDRESS_MAX', '25', '1 to 24'],
    ['HOST', 'two words', 'host name'],
    ['TRUSTED_PROXIES', 'proxy.example', '127.0.0.1, 10.0.0.0/8'],
    ['TRUSTED_PROXIES', '10.0.0.0/33', 'networks'],
    ['TRUSTED_PROXIES', '10.0.0.1 10.0.0.2', 'commas'],
    ['TRUSTED_PROXIES', '0.0.0.0/0', 'networks'],
    ['TRUSTED_PROXIES', '10.0.0.1,', 'networks'],
    ['ENQUIRY_ORIGINS', '*', 'websites'],
    ['ENQUIRY_ORIGINS', 'https://www.example.org/', 'without a path'],
    ['ENQUIRY_ORIGINS', 'https://www.example.org https://example.org', 'commas'],
    ['ENQUIRY_ORIGINS', 'null', 'websites'],
    ['DICOM_AE_TITLE', 'SEVENTEEN_LETTERS', '16'],
    ['DICOM_AE_TITLE', 'A\\B', 'backslash'],
    ['DICOM_AE_TITLE', 'FÄCET', 'ASCII'],
    ['DATABASE_URL', 'mysql://db/facet', 'postgresql://'],
    ['DATABASE_URL', 'db.example.org', 'postgresql://'],
    ['REDIS_URL', 'localhost:6379', 'redis://'],
    ['SMTP_URL', 'https://mail', 'smtp://'],
    ['MAIL_FROM', 'the clinic', 'address'],
    ['MAIL_FROM', 'a@example.org\r\nBcc: b@example.org', 'address'],
    ['MAIL_REPLY_TO', 'Clinic <clinic@example.org>', 'without a name'],
    ['CLINIC_NOTICES_TO', 'desk@example.org, nowhere', 'with commas'],
    ['CLINIC_NOTICES_TO', 'desk@example.org\r\nBcc: b@example.org', 'with commas'],
    ['CLINIC_NOTICES_TO', Array.from({ length: 11 }, (_, n) => `d${n}@example.org`).join(), 'at most 10'],
    ['CLINIC_TELEPHONE', 'ask at the desk', '020 7946 0000'],
    ['CLINIC_ADDRESS', 'a;b;c;d;e;f;g;h;i', '8 lines'],
    ['CLINIC_ADDRESS', '1 Harbour Street;; London', '8 lines'],
    ['CLINIC_ADDRESS', 'x'.repeat(81), '80 characters'],
    ['ROLE', 'apis', 'api, worker, scanner'],
    ['ROLE', 'all,api', 'api, worker, scanner'],
    ['ROLE', ',', 'api, worker, scanner'],
    ['CLINIC_TIME_ZONE', 'Europe/Londn', 'IANA'],
    ['CLINIC_TIME_ZONE', '+01:00', 'IANA'],
    ['LOG_LEVEL', 'loud', 'trace, debug'],
    ['RTT_CLOCK', 'yes', 'on or off'],
    ['SIGNING_SECOND_FACTOR', 'sometimes', 'off, enrolled, required'],
  ])('%s=%s, saying the name, the value and what is allowed', (name, value, allowed) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name} is "${value.replace(/[\r\n]/g, '?')}"`);
    expect(problems[0]).toContain(allowed);
  });

  it('lists every problem at once', () => {
    const problems = problemsOf({ PORT: 'x', LOG_LEVEL: 'y', ROLE: 'z' });
    expect(problems.map((line) => line.split(' ')[0])).toEqual(['PORT', 'ROLE', 'LOG_LEVEL']);
    expect(() => read({ PORT: 'x' })).toThrow(StartupError);
  });

  it.each([
    [{ DICOM_TLS_PORT: '2762' }, 'DICOM_TLS_KEY_FILE and DICOM_TLS_CERTIFICATE_FILE are not'],
    [
      { DICOM_TLS_CA_FILE: 'ca.pem' },
      'DICOM_TLS_PORT and DICOM_TLS_KEY_FILE and DICOM_TLS_CERTIFICATE_FILE are',
    ],
    [{ DICOM_TLS_KEY_FILE: 'a', DICOM_TLS_CERTIFICATE_FILE: 'b' }, 'DICOM_TLS_PORT is not'],
  ])('a part of what TLS needs: %j', (env, sentence) => {
    expect(problemsOf(env)).toEqual([expect.stringContaining(sentence)]);
  });

  it('a TLS port that is none', () => {
    const env = { DICOM_TLS_PORT: '2762s', DICOM_TLS_KEY_FILE: 'a', DICOM_TLS_CERTIFICATE_FILE: 'b' };
    expect(problemsOf(env)).toEqual([expect.stringContaining('DICOM_TLS_PORT is "2762s"')]);
  });

  it('second factors of everybody without a key to keep them under', () => {
    const env = { SIGNING_SECOND_FACTOR: 'REQUIRED', DATABASE_URL: 'postgresql://u:p@db/facet' };
    expect(problemsOf(env)).toEqual([expect.stringContaining('DOCUMENTS_KEYS is not set')]);
    expect(problemsOf({ ...env, SIGNING_SECOND_FACTOR: 'Enrolled' })).toEqual([]);
    expect(problemsOf({ SIGNING_SECOND_FACTOR: 'required' })).toEqual([]);
  });

  it('a part of the roles without a shared database', () => {
    expect(problemsOf({ ROLE: 'api' })).toEqual([expect.stringContaining('need one shared PostgreSQL')]);
    expect(problemsOf({ ROLE: 'api,worker,scanner' })).toEqual([]);
  });

  it.each([
    ['DATABASE_URL', 'mysql://facet:s3cret@db/facet'],
    ['DATABASE_URL', 'facet:s3cret@db/facet'],
    ['REDIS_URL', 'http://:s3cret@db'],
    ['SMTP_URL', 'smtp//facet:s3:cr@et@host'],
    ['DATABASE_URL', 'mysql://db/facet?user=a&password=s3cret&x=1'],
  ])('%s=%s without showing the password', (name, value) => {
    expect(problemsOf({ [name]: value }).join()).not.toMatch(/s3|cret/);
  });
});

describe('maskUrl', () => {
  it.each([
    ['postgresql://facet:pw@db:5432/facet', 'postgresql://facet:***@db:5432/facet'],
    ['postgresql://facet:p@w:x@db/facet', 'postgresql://facet:***@db/facet'],
    ['redis://:pw@host', 'redis://:***@host'],
    ['redis://host:6379', 'redis://host:6379'],
    [
      'postgresql://db/facet?password=pw&sslmode=require',
      'postgresql://db/facet?password=***&sslmode=require',
    ],
  ])('%s becomes %s', (url, masked) => {
    expect(maskUrl(url)).toBe(masked);
  });
});

describe('a .env file', () => {
  it('lies under the real environment', () => {
    const env = mergeEnvironments('PORT=4000\nHOST=0.0.0.0 # all\n', {
      PORT: '5000',
      HOST: '',
      PATH: '/bin',
    });
    expect([env.PORT, env.HOST, env.PATH]).toEqual(['5000', '0.0.0.0', '/bin']);
  });

  it('is documented by .env.example: exactly these variables, with the real defaults', () => {
    const example = readFileSync('.env.example', 'utf8');
    const documented = [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map((hit) => [hit[1], hit[2]]);
    const real = Object.entries(VARIABLES).map(([name, { fallback }]) => [name, fallback ?? '']);
    expect(documented).toEqual(real);
  });
});
