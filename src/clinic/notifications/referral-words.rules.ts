/** What has become of a referral, as those who wait for it are told. */
export type ReferralNews =
  | 'INFORMATION_REQUESTED'
  | 'ACCEPTED'
  | 'REDIRECTED'
  | 'DECLINED'
  | 'RETURNED_WITH_ADVICE'
  | 'WITHDRAWN'
  | 'COMPLETED';

/** How one piece of news is told. */
export interface NewsWords {
  readonly title: string;
  readonly told: string;
  /** Heading above what staff wrote for whoever is told. */
  readonly wordsTitle: string;
  readonly next: string;
}

const OUR_QUESTION = 'What we ask for';
const WHY = 'Why';

/** To the referrer: from one professional to another, without anything clinical beyond what staff wrote. */
const TO_REFERRER: Record<ReferralNews, NewsWords> = {
  INFORMATION_REQUESTED: {
    title: 'We need more information about your referral',
    told: 'Thank you for referring this patient. We cannot decide yet, and need some more information from you.',
    wordsTitle: OUR_QUESTION,
    next: 'The referral stays with us in the meantime, and does not lose its place.',
  },
  ACCEPTED: {
    title: 'We have accepted your referral',
    told: 'Thank you for referring this patient. We have accepted the referral.',
    wordsTitle: 'For your information',
    next: 'We arrange everything with the patient, and write to you afterwards.',
  },
  REDIRECTED: {
    title: 'We have sent your referral on',
    told: 'Thank you for referring this patient. Another service can help better, and we have sent the referral on.',
    wordsTitle: 'Where, and why',
    next: 'Please direct questions about the referral to that service from now on.',
  },
  DECLINED: {
    title: 'We have not accepted your referral',
    told: 'Thank you for referring this patient. We are sorry that we cannot accept the referral. The patient is not seen by us, and stays in your care.',
    wordsTitle: WHY,
    next: 'You may refer the patient again at any time, for instance when something has changed.',
  },
  RETURNED_WITH_ADVICE: {
    title: 'We return your referral with advice',
    told: 'Thank you for referring this patient. We return the referral to you with advice. The patient is not seen by us for now, and stays in your care.',
    wordsTitle: 'Our advice',
    next: 'You may refer the patient again at any time, for instance when the advice has not helped.',
  },
  WITHDRAWN: {
    title: 'Your referral was withdrawn',
    told: 'The referral of this patient was withdrawn. The patient is not seen by us because of it.',
    wordsTitle: WHY,
    next: 'You may refer the patient again at any time.',
  },
  COMPLETED: {
    title: 'Your referral is completed',
    told: 'What you referred this patient for is done, and the referral is completed.',
    wordsTitle: 'For your information',
    next: 'Reports are sent to you separately.',
  },
};

/** To the patient: plain words, nothing clinical beyond what staff wrote for them. */
const TO_PATIENT: Record<ReferralNews, NewsWords> = {
  INFORMATION_REQUESTED: {
    title: 'We need more information from you',
    told: 'Before we can decide how we can help you best, we need some more information from you.',
    wordsTitle: OUR_QUESTION,
    next: 'We go on as soon as we have your answer. You do not lose your place.',
  },
  ACCEPTED: {
    title: 'We have accepted your referral',
    told: 'We have read it with care. We have accepted the referral.',
    wordsTitle: 'For your information',
    next: 'We contact you to arrange an appointment. You need do nothing until then.',
  },
  REDIRECTED: {
    title: 'We have sent your referral on',
    told: 'Another service can help you better than we can, and we have sent your referral on to it.',
    wordsTitle: 'Where, and why',
    next: 'That service contacts you. If you have not heard from it within four weeks, tell us or whoever referred you.',
  },
  DECLINED: {
    title: 'We cannot accept your referral',
    told: 'We are sorry: we have read it with care, and cannot accept it.',
    wordsTitle: WHY,
    next: 'Please talk to whoever referred you, or to your doctor, about what else can help. If you get worse, do not wait for that.',
  },
  RETURNED_WITH_ADVICE: {
    title: 'We have given advice on your referral',
    told: 'We have read it with care, and have written our advice to whoever referred you. You do not need an appointment with us for now.',
    wordsTitle: 'What this means for you',
    next: 'Please talk to whoever referred you about the advice. If you get worse, do not wait for that.',
  },
  WITHDRAWN: {
    title: 'Your referral was withdrawn',
    told: 'It was withdrawn, and we do not arrange anything because of it.',
    wordsTitle: WHY,
    next: 'If this is a surprise to you, please tell us.',
  },
  COMPLETED: {
    title: 'Your referral is completed',
    told: 'What you were referred to us for is done.',
    wordsTitle: 'For your information',
    next: 'If you need us again, talk to your doctor or to us.',
  },
};

/** A scan first: what comes next is not what follows an ordinary yes. */
const STRAIGHT_TO_TEST: Record<ReferralParty, string> = {
  REFERRER: 'We invite the patient to a scan first, and write to you afterwards.',
  PATIENT: 'We contact you to arrange a scan first, and see you afterwards. You need do nothing until then.',
};

export type ReferralParty = 'REFERRER' | 'PATIENT';

export function newsWords(to: ReferralParty, news: ReferralNews, isStraightToTest: boolean): NewsWords {
  const words = to === 'REFERRER' ? TO_REFERRER[news] : TO_PATIENT[news];
  if (news !== 'ACCEPTED' || !isStraightToTest) return words;
  return { ...words, next: STRAIGHT_TO_TEST[to] };
}
