import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isNetwork, isOrigin, isTimeZone, KEY_BYTES, type NamedKey } from './parse.js';

/** A URL with one of these schemes and a host. */
export function IsServiceUrl(schemes: readonly string[], options?: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean => {
    if (typeof value !== 'string' || !URL.canParse(value)) return false;
    const url = new URL(value);
    return schemes.includes(url.protocol.slice(0, -1)) && url.hostname !== '';
  };
  return ValidateBy({ name: 'isServiceUrl', validator: { validate } }, options);
}

export function IsTimeZone(options?: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value === 'string' && isTimeZone(value);
  return ValidateBy({ name: 'isTimeZone', validator: { validate } }, options);
}

/** At least one role. */
export function IsRoleSet(options?: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean => value instanceof Set && value.size > 0;
  return ValidateBy({ name: 'isRoleSet', validator: { validate } }, options);
}

/** Websites; none at all is fine. */
export function IsOriginList(options?: ValidationOptions): PropertyDecorator {
  const isFine = (name: unknown): boolean => typeof name === 'string' && isOrigin(name);
  const validate = (value: unknown): boolean => Array.isArray(value) && value.every(isFine);
  return ValidateBy({ name: 'isOriginList', validator: { validate } }, options);
}

/** Addresses and networks; none at all is fine. */
export function IsNetworkList(options?: ValidationOptions): PropertyDecorator {
  const isFine = (name: unknown): boolean => typeof name === 'string' && isNetwork(name);
  const validate = (value: unknown): boolean => Array.isArray(value) && value.every(isFine);
  return ValidateBy({ name: 'isNetworkList', validator: { validate } }, options);
}

/** Keys of 32 bytes, no name twice; none at all is fine. */
export function IsKeyList(options?: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean => {
    if (!Array.isArray(value)) return false;
    const keys: readonly NamedKey[] = value;
    const names = new Set(keys.map(({ name }) => name));
    return (
      names.size === keys.length && keys.every(({ name, bytes }) => name !== '' && bytes.length === KEY_BYTES)
    );
  };
  return ValidateBy({ name: 'isKeyList', validator: { validate } }, options);
}

/** Where clamd listens: a host and a port, or a socket of this machine. */
export function IsClamdUrl(options?: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean => {
    if (typeof value !== 'string' || !URL.canParse(value)) return false;
    const url = new URL(value);
    if (url.protocol === 'unix:') return url.hostname === '' && url.pathname.length > 1;
    return url.protocol === 'tcp:' && url.hostname !== '' && url.port !== '';
  };
  return ValidateBy({ name: 'isClamdUrl', validator: { validate } }, options);
}
