import { ALL_ROLES, type Role } from './parse.js';

/** What a variable holds; undefined: it is unset. */
type Said = (variable: string) => string | undefined;

/** What of the settings is looked at. */
interface Shared {
  readonly roles: ReadonlySet<Role>;
  readonly databaseUrl: string | undefined;
}

/** Separate processes meet in one database, and the embedded one belongs to a single process. */
export function roleProblems(said: Said, config: Shared): readonly string[] {
  const alone = ALL_ROLES.every((role) => config.roles.has(role));
  if (alone || config.roles.size === 0 || config.databaseUrl !== undefined) return [];
  return [
    `ROLE is "${said('ROLE')}", but DATABASE_URL is not set: processes with separate roles need one shared ` +
      'PostgreSQL. Set DATABASE_URL, or leave ROLE at all.',
  ];
}

/** A port without a certificate cannot speak, and a certificate without a port never will. */
export function tlsProblems(said: Said): readonly string[] {
  const needed = ['DICOM_TLS_PORT', 'DICOM_TLS_KEY_FILE', 'DICOM_TLS_CERTIFICATE_FILE'];
  const isSet = (variable: string): boolean => said(variable) !== undefined;
  const given = [...needed, 'DICOM_TLS_CA_FILE'].filter(isSet);
  const missing = needed.filter((variable) => !isSet(variable));
  if (given.length === 0 || missing.length === 0) return [];
  return [
    `${given.join(' and ')} ${given.length === 1 ? 'is' : 'are'} set, but ${missing.join(' and ')} ` +
      `${missing.length === 1 ? 'is' : 'are'} not: DICOM over TLS needs a port, a key and a certificate.`,
  ];
}
