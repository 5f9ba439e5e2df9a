import { Type } from 'class-transformer';
import { IsInt, IsNotEmpty, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../time/index.js';
import { InputPipe } from './input.pipe.js';

class LineInput {
  @IsString()
  @MaxLength(3)
  text: string;
}

class FormInput {
  @IsInt()
  size: number = 25;

  @IsNotEmpty()
  at: Temporal.Instant;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => LineInput)
  lines?: LineInput[];
}

const pipe = new InputPipe();
const NOON = Temporal.Instant.from('2026-03-29T12:00:00Z');
const check = (value: unknown, metatype: typeof FormInput | typeof String = FormInput) =>
  pipe.transform(value, { type: 'body', metatype });

describe('the input pipe', () => {
  it('makes instances with their defaults and leaves instants as they are', async () => {
    const input = await check(Object.assign(Object.create(null), { at: NOON, lines: [{ text: 'abc' }] }));
    expect(input).toBeInstanceOf(FormInput);
    expect(input).toMatchObject({ size: 25, lines: [{ text: 'abc' }] });
    expect(input).toHaveProperty('at', NOON);
  });

  it('looks inside lists of inputs, and names the field', async () => {
    await expect(check({ at: NOON, lines: [{ text: 'abc' }, { text: 'abcd' }] })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('lines.1.text must be shorter than or equal to 3'),
    });
    await expect(check({ at: NOON, lines: [7] })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(check({ at: NOON, size: 'many' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('takes null for left out where there is a default', async () => {
    expect(await check({ at: NOON, size: null })).toMatchObject({ size: 25 });
    expect(await check({ at: NOON, size: undefined })).toMatchObject({ size: 25 });
  });

  it('refuses what is not text, wherever it stands, and reads ids in small letters', async () => {
    const half = String.fromCharCode(0xd83d);
    for (const text of ['a\u0000b', half, `${half}x`]) {
      await expect(check({ at: NOON, lines: [{ text }] })).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringContaining('lines.0.text'),
      });
      await expect(check(text, String)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    }
    expect(await check('😀', String)).toBe('😀');
    const id = '01A20566-BA74-741D-A604-2AD8226C715F';
    expect(await check(id, String)).toBe(id.toLowerCase());
  });

  it('lets everything else through', async () => {
    expect(await check('text', String)).toBe('text');
    expect(await check(undefined)).toBeUndefined();
  });
});
