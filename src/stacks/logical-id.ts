import type { Node } from 'constructs';
import { TerraformElement, type TerraformStack } from '../cdktf.ts';

/**
 * Resource names that a person can read: the ids on the way from the stack, joined by `_`, without `Default`.
 * cdktf's own scheme appends a hash, which makes plans and state commands hard to read.
 *
 * @throws Error if two elements of one type would get one name; cdktf would merge them silently
 */
export class ReadableIds {
  private readonly taken = new Map<string, string>();

  constructor(private readonly stack: TerraformStack) {}

  of(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    const ids = node.scopes.slice(node.scopes.indexOf(this.stack) + 1).map(scope => scope.node.id);
    const name = ids
      .filter(id => id !== 'Default')
      .join('_')
      .replaceAll(/[^A-Za-z0-9_]/g, '_');
    const owner = this.taken.get(name);
    const type = TerraformElement.isTerraformElement(element) ? element.constructor.name : '';
    if (owner !== undefined && owner.startsWith(`${type} `) && owner !== `${type} ${node.path}`) {
      throw new Error(`'${node.path}' and '${owner}' would both be called '${name}'. Give one of them another id.`);
    }
    this.taken.set(name, `${type} ${node.path}`);
    return name;
  }
}
