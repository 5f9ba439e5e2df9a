import { Inject, Injectable } from '@nestjs/common';
import { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import type { ConsentWording } from '../consent/consent.type.js';
import { ConsentWordingService } from '../consent/consent-wording.service.js';

/** The language of the clinic's website; other languages are asked for by name. */
const CLINIC_LOCALE = 'en-GB';

/** The privacy notice and the words about news of the clinic, as consent keeps them. They say nothing about a person. */
@Injectable()
export class PrivacyNoticeService {
  constructor(@Inject(ConsentWordingService) private readonly wordings: ConsentWordingService) {}

  /** The notice of a version, or the one in force; null: there is none. */
  async notice(version: string | null, locale: string = CLINIC_LOCALE): Promise<ConsentWording | null> {
    return this.#wording(ConsentPurpose.PRIVACY_NOTICE, version, locale);
  }

  /** What is asked of whoever wants news of the clinic; null: the clinic sends none. */
  async marketing(version: string | null = null): Promise<ConsentWording | null> {
    return this.#wording(ConsentPurpose.MARKETING, version, CLINIC_LOCALE);
  }

  /** The notice that a member of staff says was shown: the one in force, or BAD_INPUT. */
  async mustBeInForce(version: string): Promise<ConsentWording> {
    const notice = await this.notice(version);
    if (notice?.inForce) return notice;
    throw badInput('privacyNoticeVersion: is not the version in force. Show that one.');
  }

  /** The words about news in force, for whoever said yes to them; BAD_INPUT when the clinic sends none. */
  async mustHaveMarketing(): Promise<ConsentWording> {
    const wording = await this.marketing();
    if (wording === null) throw badInput('wantsNews: the clinic sends no news.');
    return wording;
  }

  async #wording(
    purpose: ConsentPurpose,
    version: string | null,
    locale: string,
  ): Promise<ConsentWording | null> {
    const all = await this.wordings.consentWordings(purpose);
    const found = all.find(
      (one) => one.locale === locale && (version === null ? one.inForce : one.version === version),
    );
    return found ?? null;
  }
}
