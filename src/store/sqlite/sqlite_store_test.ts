import { testStore } from "@/store/testing/conformance.ts";
import { openTemporaryStore } from "@/store/sqlite/testing/temporary_store.ts";

testStore("SQLite", openTemporaryStore);
