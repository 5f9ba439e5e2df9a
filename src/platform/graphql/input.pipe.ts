import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, validate } from 'class-validator';
import { badInput } from '../refusal/refusal.js';
import { describeValidationErrors } from './faults.js';

type InputClass = new () => object;

// Enough for a person to mend a form; the rest shows up when these are mended.
const PROBLEMS_SHOWN_MAX = 10;

/**
 * Runs class-validator over every input and says what is wrong in one BAD_INPUT. Inputs become instances of their
 * classes here and not through class-transformer, which would try to rebuild instants and other values with a class
 * of their own.
 */
@Injectable()
export class InputPipe implements PipeTransform {
  async transform(value: unknown, { metatype, data }: ArgumentMetadata): Promise<unknown> {
    const readable = toReadable(value, data ?? 'input');
    if (!isInputClass(metatype) || !isRecord(readable)) return readable;
    const input = toInstance(metatype, readable);
    const errors = await validate(input, { forbidUnknownValues: false });
    if (errors.length === 0) return input;
    const problems = describeValidationErrors(errors);
    throw badInput(`${problems.slice(0, PROBLEMS_SHOWN_MAX).join('; ')}.`);
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Text as the database can keep it: no U+0000 and no half of a surrogate pair. A UUID is read in small letters, as it is
 * compared everywhere (RFC 9562 §4: output in lower case, input in either).
 */
function toReadable(value: unknown, path: string): unknown {
  if (typeof value === 'string') {
    if (value.includes('\u0000') || !isWellFormed(value)) {
      throw badInput(`${path}: holds a character that is not text (U+0000 or half of a surrogate pair).`);
    }
    return UUID.test(value) ? value.toLowerCase() : value;
  }
  if (Array.isArray(value)) return value.map((item, i) => toReadable(item, `${path}.${i}`));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, toReadable(part, `${path}.${key}`)]),
  );
}

/** `String.prototype.isWellFormed`, which the compiler's library for Node 20 does not list yet. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function isInputClass(metatype: unknown): metatype is InputClass {
  if (typeof metatype !== 'function') return false;
  return getMetadataStorage().getTargetValidationMetadatas(metatype, '', false, false).length > 0;
}

/** A plain object of arguments: GraphQL makes them without a prototype. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function toInstance(inputClass: InputClass, value: Record<string, unknown>): object {
  const input = new inputClass();
  for (const [key, part] of Object.entries(value)) {
    // Left out and null mean the same for a field that has a default: the compiled executor fills in null.
    if ((part === null || part === undefined) && Reflect.get(input, key) !== undefined) continue;
    Reflect.set(input, key, nested(defaultMetadataStorage.findTypeMetadata(inputClass, key), part));
  }
  return input;
}

function nested(type: { typeFunction?: (() => unknown) | undefined } | undefined, part: unknown): unknown {
  const nestedClass = type?.typeFunction?.();
  if (!isInputClass(nestedClass)) return part;
  if (Array.isArray(part)) return part.map((item) => (isRecord(item) ? toInstance(nestedClass, item) : item));
  return isRecord(part) ? toInstance(nestedClass, part) : part;
}
