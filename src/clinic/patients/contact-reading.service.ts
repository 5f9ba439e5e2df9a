import { Injectable } from '@nestjs/common';
import { readNhsNumber } from './nhs-number.rules.js';
import { toEmail } from './patient.rules.js';
import { toE164 } from './phone.rules.js';

/** For later rooms: how this clinic reads what people write of themselves, the same wherever they write it. */
@Injectable()
export class ContactReadingService {
  /** A telephone number as E.164; null when it cannot be one. */
  phone(typed: string): string | null {
    return toE164(typed);
  }

  /** An e-mail address with its domain in small letters; null for nothing. Whether it is one is not judged here. */
  email(typed: string): string | null {
    return toEmail(typed);
  }

  /** The ten digits of an NHS number; null when it is not one. */
  nhsNumber(typed: string): string | null {
    return readNhsNumber(typed);
  }
}
