import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What lies in `certificates/`; its README says what each is. */
export type CertificateFile = `${'server' | 'renewed' | 'scanner' | 'stranger' | 'short'}.${'key' | 'crt'}`;

export function certificatePath(name: CertificateFile | 'authority.crt' | 'expired.crt'): string {
  return fileURLToPath(new URL(`certificates/${name}`, import.meta.url));
}

export function readCertificate(name: Parameters<typeof certificatePath>[0]): Buffer {
  return readFileSync(certificatePath(name));
}

/** The listener's own, which the authority has signed. */
export const serverCredentials = {
  key: readCertificate('server.key'),
  certificate: readCertificate('server.crt'),
  ca: readCertificate('authority.crt'),
};
