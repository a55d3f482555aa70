// What pages say of a contact, out of the full contact of the server.

import type { OutputOf } from "~/api/client";

export type Contact = OutputOf<"get_contact">;
export type FoundContact = OutputOf<"search_contacts">["contacts"][number];
export type AttributeDefinition = OutputOf<"list_contact_attributes">["attributes"][number];

/** The value of an attribute as text; empty when unset. */
export function attributeOf(contact: Pick<Contact, "attributes">, name: string): string {
  return contact.attributes.find((one) => one.attribute.name === name)?.value ?? "";
}

export function nameOf(contact: Pick<Contact, "attributes">): string {
  return [attributeOf(contact, "firstname"), attributeOf(contact, "lastname")].filter(Boolean).join(" ");
}

/** A card without a person; its address is made up and gets no mail. */
export function isAnonymous(contact: Pick<Contact, "email">): boolean {
  return contact.email.endsWith("@anonymous.invalid");
}

export function createdAt(contact: Pick<Contact, "attributes">): string {
  return attributeOf(contact, "created_at");
}

/** What the server itself keeps: shown, not set. */
export function isReadOnly(attribute: { is_soft_read_only: boolean; is_hard_read_only: boolean }): boolean {
  return attribute.is_soft_read_only || attribute.is_hard_read_only;
}
