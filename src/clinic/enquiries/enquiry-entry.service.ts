import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { EnquiryChannel } from '../../platform/database/generated/enums.js';
import { Clock, localDate } from '../../platform/time/index.js';
import { ContactReadingService } from '../patients/contact-reading.service.js';
import { type EntryProblem, entryProblems } from './enquiry-entry.rules.js';
import type { EnquirerEntry } from './enquiry-entry.type.js';

const none = (text: string | null | undefined): string | null => text?.normalize('NFC').trim() || null;

/** What is wrong with what somebody told of themselves, the same at the desk and on the website. */
@Injectable()
export class EnquiryEntryService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(ContactReadingService) private readonly contacts: ContactReadingService,
  ) {}

  /** Fields and the rules that they break; none: it can be taken in. */
  problems(channel: EnquiryChannel, entry: EnquirerEntry): readonly EntryProblem[] {
    const phone = none(entry.phone);
    const nhsNumber = none(entry.nhsNumber);
    const email = none(entry.email);
    return entryProblems(
      {
        channel,
        name: none(entry.name),
        dateOfBirth: none(entry.dateOfBirth),
        nhsNumber,
        readNhsNumber: nhsNumber === null ? null : this.contacts.nhsNumber(nhsNumber),
        phone,
        phoneE164: phone === null ? null : this.contacts.phone(phone),
        email: email === null ? null : this.contacts.email(email),
        preferredWay: entry.preferredWay ?? null,
      },
      localDate(this.clock.now(), this.config.clinicTimeZone),
    );
  }
}
