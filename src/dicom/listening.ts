// The operating system's side of PS3.8 §9.1.2: sockets that accept.
import type { Server } from 'node:net';

export interface DicomAddress {
  readonly host: string;
  readonly port: number;
}

/** Rejects with the system's error when the address cannot be had. Later errors concern one accept; the listener goes on. */
export function startListening(
  server: Server,
  { host, port }: DicomAddress,
  onFault: (error: unknown) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      server.on('error', onFault);
      resolve();
    });
  });
}

/** Resolves when the last of its sockets is closed. */
export function stopListening(server: Server | null): Promise<void> {
  return new Promise((resolve) => {
    if (server === null) resolve();
    else server.close(() => resolve());
  });
}

/** Null while it does not listen. */
export function addressOf(server: Server | null): DicomAddress | null {
  const address = server?.address() ?? null;
  if (address === null || typeof address === 'string') return null;
  return { host: address.address, port: address.port };
}

/** An IPv4 peer on a socket that speaks both looks like ::ffff:192.0.2.1; it is one peer all the same. */
export function toPlainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
