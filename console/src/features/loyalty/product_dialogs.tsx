import { useState } from "react";

import { otherProblems, problemOf, useRead, useWrite } from "~/api/hooks";
import { FormDialog } from "~/ui/dialog";
import { CheckField, TextArea, TextField } from "~/ui/field";
import { Notice } from "~/ui/page";
import { tell } from "~/ui/toast";
import { common } from "~/words/common";
import { loyaltyWords } from "~/words/loyalty";
import { useWords } from "~/words/words";
import type { Category, Product } from "./products";

const shown = ["name", "external_identifier", "description"];

export function ProductDialog({ product, onClose }: { product: Product | null; onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const categories = useRead("list_product_categories", { limit: 100 });
  const [name, setName] = useState(product?.name ?? "");
  const [identifier, setIdentifier] = useState(product?.external_identifier ?? "");
  const [description, setDescription] = useState(product?.description ?? "");
  const [chosen, setChosen] = useState(product?.categories.map((one) => one.uuid) ?? []);
  const done = () => { tell(c.saved); onClose(); };
  const create = useWrite("create_product", { onDone: done });
  const update = useWrite("update_product", { onDone: done });
  const error = product ? update.error : create.error;
  const input = { name, external_identifier: identifier, description, categories: chosen.map((uuid) => ({ uuid })) };
  // One that the page of categories no longer holds stays chosen.
  const all = categories.data?.categories ?? [];
  const offered = [...all, ...(product?.categories ?? []).filter((one) => !all.some((other) => other.uuid === one.uuid))];
  return (
    <FormDialog title={product ? w.editProduct : w.newProduct} action={c.save} busy={create.isPending || update.isPending} onClose={onClose} problems={otherProblems(error, shown)}
                onSubmit={() => (product ? update.mutate({ uuid: product.uuid, ...input }) : create.mutate(input))}>
      <TextField label={c.name} autoFocus value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(error, "name")} />
      <TextField label={w.identifier} hint={w.identifierHint} value={identifier} onChange={(event) => setIdentifier(event.target.value)} problem={problemOf(error, "external_identifier")} />
      <TextArea label={c.description} optional rows={2} value={description} onChange={(event) => setDescription(event.target.value)} problem={problemOf(error, "description")} />
      {offered.length > 0 && (
        <fieldset>
          <legend className="mb-1 text-sm font-medium">{w.categories}</legend>
          <div className="max-h-48 overflow-y-auto rounded-lg border border-line px-3 py-2" tabIndex={0} role="group" aria-label={w.categories}>
            {offered.map((one) => (
              <CheckField key={one.uuid} label={one.name} checked={chosen.includes(one.uuid)}
                          onChange={(event) => setChosen(event.target.checked ? [...chosen, one.uuid] : chosen.filter((uuid) => uuid !== one.uuid))} />
            ))}
          </div>
        </fieldset>
      )}
    </FormDialog>
  );
}

export function CategoryDialog({ category, onClose }: { category: Category | null; onClose: () => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const [name, setName] = useState(category?.name ?? "");
  const [identifier, setIdentifier] = useState(category?.external_identifier ?? "");
  const done = () => { tell(c.saved); onClose(); };
  const create = useWrite("create_product_category", { onDone: done });
  const update = useWrite("update_product_category", { onDone: done });
  const error = category ? update.error : create.error;
  return (
    <FormDialog title={category ? w.editCategory : w.newCategory} action={c.save} busy={create.isPending || update.isPending} onClose={onClose} problems={otherProblems(error, shown)}
                onSubmit={() => (category ? update.mutate({ uuid: category.uuid, name, external_identifier: identifier }) : create.mutate({ name, external_identifier: identifier }))}>
      <TextField label={c.name} autoFocus value={name} onChange={(event) => setName(event.target.value)} problem={problemOf(error, "name")} />
      <TextField label={w.identifier} hint={w.identifierHint} value={identifier} onChange={(event) => setIdentifier(event.target.value)} problem={problemOf(error, "external_identifier")} />
    </FormDialog>
  );
}

export function DeleteDialog({ operation, of, title, about, onClose }: {
  operation: "delete_product" | "delete_product_category"; of: { uuid: string }; title: string; about: string; onClose: () => void;
}) {
  const w = useWords(loyaltyWords);
  const remove = useWrite(operation, { onDone: () => { tell(w.deleted); onClose(); } });
  return (
    <FormDialog title={title} action={title} danger busy={remove.isPending} onClose={onClose} problems={otherProblems(remove.error, [])} onSubmit={() => remove.mutate({ uuid: of.uuid })}>
      <Notice tone="bad">{about}</Notice>
    </FormDialog>
  );
}
