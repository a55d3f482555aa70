// What the shop sells, and the categories it is sorted into.

import { useState } from "react";

import type { OutputOf } from "~/api/client";
import { usePages } from "~/api/hooks";
import { Button, IconButton } from "~/ui/button";
import { TextField } from "~/ui/field";
import { Menu } from "~/ui/menu";
import { Answer, Badge, Card, Empty } from "~/ui/page";
import { Table } from "~/ui/table";
import { Tabs } from "~/ui/tabs";
import { common } from "~/words/common";
import { loyaltyWords } from "~/words/loyalty";
import { useWords } from "~/words/words";
import { LoyaltyPage } from "./frame";
import { CategoryDialog, DeleteDialog, ProductDialog } from "./product_dialogs";

export type Product = OutputOf<"list_products">["products"][number];
export type Category = OutputOf<"list_product_categories">["categories"][number];
type Open = { what: "product"; of: Product | null } | { what: "category"; of: Category | null } | { what: "delete product"; of: Product } | { what: "delete category"; of: Category };

export default function Products() {
  const w = useWords(loyaltyWords);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <LoyaltyPage title={w.products} about={w.productsAbout}
                 actions={(
                   <>
                     <Button icon="plus" onClick={() => setOpen({ what: "category", of: null })}>{w.newCategory}</Button>
                     <Button look="primary" icon="plus" onClick={() => setOpen({ what: "product", of: null })}>{w.newProduct}</Button>
                   </>
                 )}>
      <Tabs label={w.products} tabs={[
        { id: "products", label: w.products, content: <ProductList onOpen={setOpen} /> },
        { id: "categories", label: w.categories, content: <CategoryList onOpen={setOpen} /> },
      ]} />
      {open?.what === "product" && <ProductDialog product={open.of} onClose={close} />}
      {open?.what === "category" && <CategoryDialog category={open.of} onClose={close} />}
      {open?.what === "delete product" && <DeleteDialog operation="delete_product" of={open.of} title={w.deleteProduct} about={w.deleteProductAbout(open.of.name)} onClose={close} />}
      {open?.what === "delete category" && <DeleteDialog operation="delete_product_category" of={open.of} title={w.deleteCategory} about={w.deleteCategoryAbout(open.of.name)} onClose={close} />}
    </LoyaltyPage>
  );
}

function RowMenu({ name, onEdit, onDelete }: { name: string; onEdit: () => void; onDelete: () => void }) {
  const c = useWords(common);
  return (
    <Menu items={[
      { label: c.edit, icon: "edit", onSelect: onEdit },
      "line",
      { label: c.remove, icon: "trash", danger: true, onSelect: onDelete },
    ]}>
      <IconButton icon="more" label={`${c.actions}: ${name}`} />
    </Menu>
  );
}

function ProductList({ onOpen }: { onOpen: (open: Open) => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const [typed, setTyped] = useState("");
  const [wanted, setWanted] = useState("");
  const list = usePages("list_products", { limit: 50, page: 1, ...(wanted ? { text: wanted } : {}) }, {
    rows: (page) => page.products,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  return (
    <Card flush>
      <form noValidate className="flex flex-wrap items-end gap-3 border-b border-line px-5 py-4" onSubmit={(event) => { event.preventDefault(); setWanted(typed.trim()); }}>
        <div className="min-w-56 grow">
          <TextField label={w.findProduct} value={typed} autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.target.value)} />
        </div>
        <Button type="submit" icon="search" busy={wanted !== "" && list.isFetching && !list.isFetchingNextPage}>{w.find}</Button>
        {wanted !== "" && <Button look="quiet" onClick={() => { setTyped(""); setWanted(""); }}>{w.clear}</Button>}
      </form>
      <Answer of={list}>
        {() => (
          <Table label={w.products} rows={list.rows} keyOf={(one: Product) => one.uuid} onOpen={(one) => onOpen({ what: "product", of: one })}
                 empty={<Empty icon="product" title={wanted === "" ? w.noProducts : w.notFound(wanted)}>{wanted === "" && w.noProductsAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 actions={(one) => <RowMenu name={one.name} onEdit={() => onOpen({ what: "product", of: one })} onDelete={() => onOpen({ what: "delete product", of: one })} />}
                 columns={[
                   { name: c.name, cell: (one) => <>{one.name}{one.description && <span className="block text-sm font-normal text-soft">{one.description}</span>}</> },
                   { name: w.identifier, cell: (one) => <code className="font-mono text-sm">{one.external_identifier}</code> },
                   { name: w.categories, cell: (one) => (one.categories.length === 0 ? "–" : <span className="inline-flex flex-wrap gap-1.5 max-sm:justify-end">{one.categories.map((each) => <Badge key={each.uuid}>{each.name}</Badge>)}</span>) },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}

function CategoryList({ onOpen }: { onOpen: (open: Open) => void }) {
  const w = useWords(loyaltyWords);
  const c = useWords(common);
  const list = usePages("list_product_categories", { limit: 50, page: 1 }, {
    rows: (page) => page.categories,
    next: ({ page }, input) => (page.page * page.limit < page.total ? { ...input, page: page.page + 1 } : null),
  });
  return (
    <Card flush>
      <Answer of={list}>
        {() => (
          <Table label={w.categories} rows={list.rows} keyOf={(one: Category) => one.uuid} onOpen={(one) => onOpen({ what: "category", of: one })}
                 empty={<Empty icon="product" title={w.noCategories}>{w.noCategoriesAbout}</Empty>}
                 more={{ has: list.hasNextPage, busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }}
                 actions={(one) => <RowMenu name={one.name} onEdit={() => onOpen({ what: "category", of: one })} onDelete={() => onOpen({ what: "delete category", of: one })} />}
                 columns={[
                   { name: c.name, cell: (one) => one.name },
                   { name: w.identifier, cell: (one) => <code className="font-mono text-sm">{one.external_identifier}</code> },
                 ]} />
        )}
      </Answer>
    </Card>
  );
}
