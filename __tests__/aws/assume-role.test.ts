import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { settingsInRole } from '../../src/aws/assume-role.ts';

const ROLE = 'arn:aws:iam::111122223333:role/OrganizationAccountAccessRole';
const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
const response = (inner: string) =>
  `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${inner}</AssumeRoleResponse>`;

let server: Server;

async function answering(status: number, body: string): Promise<string> {
  server = createServer((_request, answer) => {
    answer.writeHead(status, { 'Content-Type': 'text/xml' });
    answer.end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => void server.close());

describe('entering another account', () => {
  it('keeps region and endpoint, and takes the credentials of the role', async () => {
    const made = '<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>';
    const endpoint = await answering(
      200,
      response(`<AssumeRoleResult><Credentials>${made}</Credentials></AssumeRoleResult>`),
    );
    expect(await settingsInRole({ region: 'eu-west-1', endpoint, credentials }, ROLE)).toEqual({
      region: 'eu-west-1',
      endpoint,
      credentials: { accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't' },
    });
  });

  it('says which role was refused, and how to go on without it', async () => {
    const error = '<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized</Message></Error>';
    const endpoint = await answering(403, `<ErrorResponse>${error}</ErrorResponse>`);
    await expect(settingsInRole({ region: 'eu-west-1', endpoint, credentials }, ROLE)).rejects.toMatchObject({
      code: 'role-refused',
      exitCode: 2,
      message: expect.stringMatching(
        /role\/OrganizationAccountAccessRole could not be assumed[\s\S]*roles\[\]\.monitor to false/,
      ),
    });
  });
});
