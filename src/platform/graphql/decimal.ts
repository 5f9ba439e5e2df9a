import { ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * A number with so many decimal places at most. class-validator's own `maxDecimalPlaces` throws at numbers that JavaScript
 * writes with an exponent, such as 5e-324.
 */
export function HasDecimalPlaces(max: number, options?: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean =>
    typeof value === 'number' && Number.isFinite(value) && Number(value.toFixed(max)) === value;
  const defaultMessage = (): string =>
    `$property must be a number with at most ${max} decimal ${max === 1 ? 'place' : 'places'}`;
  return ValidateBy({ name: 'hasDecimalPlaces', validator: { validate, defaultMessage } }, options);
}
