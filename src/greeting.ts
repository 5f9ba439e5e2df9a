import type { RunningFacet } from './facet.js';
import type { Config } from './platform/config/index.js';

/** What a person sees when Facet is up: where everything is, who may sign in, and the main job as three commands. */
export function greeting(config: Config, facet: RunningFacet): string {
  const roles = [...config.roles].join(', ');
  return [
    '',
    `Facet is running (${roles}).`,
    '',
    ...(config.roles.has('api') ? [`  GraphQL   ${facet.httpUrl}/graphql`] : []),
    `  Health    ${facet.httpUrl}/health/ready`,
    ...(facet.dicom
      ? [`  DICOM     ${facet.dicom.host}:${facet.dicom.port}, AE title ${config.dicomAeTitle}`]
      : []),
    ...(facet.dicom?.tlsPort
      ? [`  DICOM TLS ${facet.dicom.host}:${facet.dicom.tlsPort}, AE title ${config.dicomAeTitle}`]
      : []),
    ...(config.roles.has('worker')
      ? [
          `  Mail      ${config.smtpUrl === undefined ? `kept as files in ${config.home}/mail` : 'sent by SMTP'}`,
        ]
      : []),
    ...(facet.demo && facet.dicom ? demoLines(facet.demo, facet.dicom, config) : []),
    '',
  ].join('\n');
}

function demoLines(
  demo: NonNullable<RunningFacet['demo']>,
  dicom: NonNullable<RunningFacet['dicom']>,
  config: Config,
): string[] {
  return [
    '',
    `  Demo accounts (synthetic people, this machine only). Password: ${demo.password}`,
    ...demo.accounts.map(({ email, roles }) => `    ${email.padEnd(26)}${roles.join(', ')}`),
    '',
    '  The main job, in another terminal:',
    '    npm run -s demo offers            offers for the demo referral, as reception',
    '    npm run -s demo book              books the best of them and says the day',
    `    findscu -W -aet SPECTCT1 -aec ${config.dicomAeTitle} ${dicom.host} ${dicom.port} \\`,
    '      -k PatientName -k PatientID -k "ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartDate=DAY"',
    '',
    '  Ctrl-C stops Facet; the data stay.',
  ];
}
