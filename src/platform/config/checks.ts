import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isNetwork, isTimeZone } from './parse.js';

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

/** Addresses and networks; none at all is fine. */
export function IsNetworkList(options?: ValidationOptions): PropertyDecorator {
  const isFine = (name: unknown): boolean => typeof name === 'string' && isNetwork(name);
  const validate = (value: unknown): boolean => Array.isArray(value) && value.every(isFine);
  return ValidateBy({ name: 'isNetworkList', validator: { validate } }, options);
}
