import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findTerraform } from '../../src/terraform/find-terraform.ts';
import { fakeTerraform, playing, temporaryFolder } from '../fixtures/terraform/fake.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const PLATFORM = '\non linux_arm64\n';
/** An environment whose PATH has only the named programs (and node, which the fake needs). */
function withPrograms(version: string, ...names: string[]) {
  const bin = join(folder.path, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const name of names) symlinkSync(fakeTerraform.path, join(bin, name));
  symlinkSync(process.execPath, join(bin, 'node'));
  return { ...playing({ version }), PATH: ['', '/does/not/exist', bin].join(delimiter) };
}

describe('finding terraform', () => {
  it('takes terraform before tofu', async () => {
    const env = withPrograms(`Terraform v1.11.4${PLATFORM}`, 'terraform', 'tofu');
    const path = join(folder.path, 'bin', 'terraform');
    expect(await findTerraform(env)).toEqual({ path, name: 'terraform', version: '1.11.4', platform: 'linux_arm64' });
  });

  it('takes tofu when there is no terraform', async () => {
    const found = await findTerraform(withPrograms(`OpenTofu v1.10.0${PLATFORM}`, 'tofu'));
    expect(found).toMatchObject({ name: 'tofu', version: '1.10.0' });
  });

  it('believes what a program says of itself, not its name', async () => {
    expect(await findTerraform(withPrograms(`OpenTofu v1.10.0${PLATFORM}`, 'terraform'))).toMatchObject({
      name: 'tofu',
    });
  });

  it('takes TERRAFORM_BINARY_NAME first, as a name or as a path', async () => {
    const env = withPrograms(`Terraform v1.12.0${PLATFORM}`, 'terraform', 'my-tf');
    const path = join(folder.path, 'bin', 'my-tf');
    expect((await findTerraform({ ...env, TERRAFORM_BINARY_NAME: 'my-tf' })).path).toBe(path);
    expect((await findTerraform({ ...env, TERRAFORM_BINARY_NAME: path })).path).toBe(path);
  });

  it('reads the version from among other lines, with its suffix', async () => {
    const text = `switching to 1.13\nTerraform v1.13.0-rc1${PLATFORM}Your version is out of date!`;
    expect(await findTerraform(withPrograms(text, 'terraform'))).toMatchObject({ version: '1.13.0-rc1' });
  });

  it.each([
    ['no program', []],
    ['a file that may not be run', ['plain']],
    ['a folder of that name', ['folder']],
  ])('says how to install it when there is %s', async (_, kind) => {
    const env = withPrograms('');
    const place = join(folder.path, 'bin', 'terraform');
    if (kind[0] === 'plain') writeFileSync(place, '');
    if (kind[0] === 'folder') mkdirSync(place);
    const error = findTerraform(env);
    await expect(error).rejects.toMatchObject({ code: 'terraform-not-found', exitCode: 2 });
    await expect(error).rejects.toThrow(/brew install hashicorp\/tap\/terraform/);
  });

  it('names a TERRAFORM_BINARY_NAME that is not there, and does not look further', async () => {
    const env = withPrograms(`Terraform v1.11.4${PLATFORM}`, 'terraform');
    await expect(findTerraform({ ...env, TERRAFORM_BINARY_NAME: 'terrafrom' })).rejects.toThrow(/"terrafrom"/);
  });

  it.each([`Terraform v1.9.8${PLATFORM}`, `OpenTofu v1.9.0${PLATFORM}`])('refuses %j', async version => {
    const error = findTerraform(withPrograms(version, 'terraform'));
    await expect(error).rejects.toMatchObject({ code: 'terraform-too-old', exitCode: 2 });
    await expect(error).rejects.toThrow(/1\.9\.\d; 1\.10\.0 or later is needed/);
  });

  it('says so when it cannot be run', async () => {
    const env = withPrograms('');
    const place = join(folder.path, 'bin', 'terraform');
    writeFileSync(place, '#!/does/not/exist\n');
    chmodSync(place, 0o755);
    await expect(findTerraform(env)).rejects.toMatchObject({ code: 'terraform-cannot-run' });
  });

  it('says so when it is something else', async () => {
    const error = findTerraform(withPrograms('hello', 'terraform'), { cwd: dirname(folder.path) });
    await expect(error).rejects.toMatchObject({
      code: 'terraform-cannot-run',
      what: expect.stringContaining('did not say a version'),
    });
  });
});
