import { IsEnum } from 'class-validator';
import { LetterSettings } from './letter-settings.js';

/** Whether signing asks for a code of a second factor. */
export const SecondFactorRule = {
  /** Never, not even of those who have one. */
  OFF: 'off',
  /** Of whoever has set one up. */
  ENROLLED: 'enrolled',
  /** Of everybody: nobody signs without. */
  REQUIRED: 'required',
} as const;
export type SecondFactorRule = (typeof SecondFactorRule)[keyof typeof SecondFactorRule];

/** The settings of signing. Part of Config. */
export abstract class SigningSettings extends LetterSettings {
  @IsEnum(SecondFactorRule, { message: `must be one of ${Object.values(SecondFactorRule).join(', ')}` })
  readonly signingSecondFactor: SecondFactorRule;
}

export const SIGNING_VARIABLES = {
  SIGNING_SECOND_FACTOR: { property: 'signingSecondFactor', fallback: SecondFactorRule.ENROLLED },
} as const satisfies Readonly<
  Record<string, { readonly property: keyof SigningSettings; readonly fallback: string }>
>;

type Said = (variable: keyof typeof SIGNING_VARIABLES) => string | undefined;
type Signing = Pick<SigningSettings, 'signingSecondFactor'>;

export function parseSigningSettings(said: Said): Signing {
  return { signingSecondFactor: (said('SIGNING_SECOND_FACTOR') ?? '').toLowerCase() as SecondFactorRule };
}

/** Whoever has to have a second factor must be able to set one up, and its secret is kept under a master key. */
export function signingProblems(said: Said, config: Signing, keepsSecrets: boolean): readonly string[] {
  if (config.signingSecondFactor !== SecondFactorRule.REQUIRED || keepsSecrets) return [];
  return [
    `SIGNING_SECOND_FACTOR is "${said('SIGNING_SECOND_FACTOR')}", but DOCUMENTS_KEYS is not set: the secrets of second ` +
      'factors are kept under a master key. Make one with: echo "2026:$(openssl rand -base64 32)"',
  ];
}
