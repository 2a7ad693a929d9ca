// What the JSON Schema of the language says of a place in the file.

import * as api from "../../api";

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: (string | number)[];
}

/** A schema with its alternatives spelled out. */
function spelled(schema: Schema, root: Schema): Schema[] {
  if (schema.$ref) return spelled(root.$defs?.[schema.$ref.split("/").pop()!] ?? {}, root);
  return schema.anyOf ? schema.anyOf.flatMap((one) => spelled(one, root)) : [schema];
}

/** Everything that may stand at the place under these keys; `*` is an entry of a list. */
export function schemasAt(root: Schema, path: string[]): Schema[] {
  let here = spelled(root, root);
  for (const key of path)
    here = here.flatMap((schema) => {
      const rest = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
      const inner = key === "*" ? schema.items : (schema.properties?.[key] ?? rest);
      return inner ? spelled(inner, root) : [];
    });
  return here;
}

/** Whether a text, a number or a condition may stand there. */
export function takesText(schemas: Schema[]): boolean {
  return schemas.some((schema) => [schema.type].flat().includes("string"));
}

export interface Key {
  name: string;
  says: string;
  needed: boolean;
  /** Whether its value is made of further keys. */
  deep: boolean;
}

/** The keys that may stand in a mapping at a place. */
export function keysAt(root: Schema, path: string[]): Key[] {
  return schemasAt(root, path).flatMap((schema) =>
    Object.entries(schema.properties ?? {}).map(([name, one]) => ({
      name,
      says: one.description ?? "",
      needed: schema.required?.includes(name) ?? false,
      deep: spelled(one, root).every((inner) => [inner.type].flat().includes("object")),
    })));
}

let known: Schema | null = null;

/** The schema of the server's version of the language, the same for every file; null while it cannot be had. */
export async function schemaOfLanguage(): Promise<Schema | null> {
  return (known ??= await api.schema().catch(() => null));
}
