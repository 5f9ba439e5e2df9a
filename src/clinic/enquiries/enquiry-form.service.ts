import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { PublicForms, type ShownForm } from '../../platform/http/public-form.js';
import { ENQUIRY_CHOICES, ENQUIRY_FIELDS, enquiryControls } from './enquiry-form.type.js';
import { EnquiryFormKeyService } from './enquiry-form-key.service.js';
import { EnquirySubmissionService } from './enquiry-submission.service.js';
import { PrivacyNoticeService } from './privacy-notice.service.js';
import { RedFlagQuestionnaireService } from './red-flag-questionnaire.service.js';

const TITLE = 'Ask the clinic';
const WORDS = [
  'Tell us how we can help. Whoever works at the clinic and looks after you can read it, and nobody else.',
];

/** The form on the clinic's website: shown at `GET /enquiry-form`, sent to `POST /enquiries`. */
@Injectable()
export class EnquiryFormService {
  constructor(
    @Inject(PublicForms) forms: PublicForms,
    @Inject(Config) config: Config,
    @Inject(EnquiryFormKeyService) keys: EnquiryFormKeyService,
    @Inject(EnquirySubmissionService) submissions: EnquirySubmissionService,
    @Inject(PrivacyNoticeService) private readonly notices: PrivacyNoticeService,
    @Inject(RedFlagQuestionnaireService) private readonly questionnaires: RedFlagQuestionnaireService,
  ) {
    const controls = enquiryControls([], '');
    forms.register({
      name: 'enquiry',
      shownAt: '/enquiry-form',
      sentTo: '/enquiries',
      origins: config.enquiryOrigins,
      fields: ENQUIRY_FIELDS,
      labels: new Map(controls.map(({ name, label }) => [name, label === '' ? 'News of the clinic' : label])),
      secret: () => keys.secret(),
      standingAdvice: async () => (await this.questionnaires.inForce())?.emergencyAdvice ?? null,
      show: () => this.show(),
      take: (sent) => submissions.take(sent),
    });
  }

  /** The questions, the notice and the choices of this moment; null: the clinic has no notice or no questions in force. */
  async show(): Promise<ShownForm | null> {
    const questionnaire = await this.questionnaires.inForce();
    const notice = await this.notices.notice(null);
    const marketing = await this.notices.marketing();
    if (questionnaire === null || notice === null) return null;
    const { version, questions } = questionnaire;
    return {
      facts: { questions: version, notice: notice.version, marketing: marketing?.version ?? '' },
      body: {
        fields: ENQUIRY_FIELDS,
        choices: ENQUIRY_CHOICES,
        redFlags: { version, questions },
        privacyNotice: { version: notice.version, sha256: notice.sha256, path: '/privacy-notice' },
        marketing: marketing === null ? null : { version: marketing.version, text: marketing.text },
      },
      page: {
        title: TITLE,
        words: WORDS,
        controls: enquiryControls(questions, marketing?.text ?? null),
        sendLabel: 'Send',
      },
    };
  }
}
