"""What every floor leans on: news, clock, ids, bulk writes, paging, jobs. No models, no rules of the trade."""
