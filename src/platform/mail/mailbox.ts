import { MESSAGE_ID_MAX_CHARACTERS } from './limits.js';

/** `Pain Clinic <clinic@example.org>` in its parts; without a name the address stands for it. */
export function parseMailbox(text: string): { readonly name: string; readonly address: string } {
  const match = /^\s*(.*?)\s*<([^<>]+)>\s*$/.exec(text);
  const address = (match?.[2] ?? text).trim();
  const name = (match?.[1] ?? '').replace(/^"(.*)"$/, '$1').replace(/\\(.)/g, '$1');
  return { name: name === '' ? address : name, address };
}

/** The part of an address after the @. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** A Message-ID with its angle brackets (RFC 5322, 3.6.4), and nothing that could end its line. */
export function isMessageId(text: string): boolean {
  return text.length <= MESSAGE_ID_MAX_CHARACTERS && /^<[!-;=?-~]+>$/.test(text);
}
