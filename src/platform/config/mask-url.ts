const MASK = '***';

/** Query parameters that libpq, Redis and SMTP URLs may carry a secret in. */
const SECRET_PARAMETER = /([?&](?:password|pass|sslpassword|token|secret)=)[^&#]*/gi;

/**
 * The URL as it may be shown: user name kept, passwords replaced. Works on text, because a URL that cannot
 * be parsed is just the one that gets printed; everything between the first colon after the scheme's
 * slashes and the last `@` counts as a password.
 */
export function maskUrl(url: string): string {
  return url
    .replace(
      /^([a-z][a-z0-9+.-]*:\/\/)?([^:@]*):(.*)@/is,
      (_, scheme, user) => `${scheme ?? ''}${user}:${MASK}@`,
    )
    .replace(SECRET_PARAMETER, `$1${MASK}`);
}
