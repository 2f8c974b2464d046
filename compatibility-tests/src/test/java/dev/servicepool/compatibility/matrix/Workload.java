package dev.servicepool.compatibility.matrix;

import java.util.function.Consumer;

/**
 * Calls that a plain client and a pooled client send alternately.
 */
enum Workload {

	FEW_CALLERS("20 callers, GET", 20, 3000, (calls) -> calls.get(100, 20)),

	MANY_CALLERS("60 callers, GET", 60, 3000, (calls) -> calls.get(100, 20)),

	ORDERS("20 callers, POST of 8 KB", 20, 1000, (calls) -> calls.post(8000)),

	DOWNLOADS("8 callers, GET of 1 MB", 8, 160, (calls) -> calls.get(1_000_000, 20)),

	/** The server allows 100 concurrent requests on a connection. */
	BURST("500 concurrent GETs", 500, 500, (calls) -> calls.get(100, 50)),

	/** Each round begins with new applications. */
	FIRST_CALLS("first 50 calls of an application", 50, 50, (calls) -> calls.get(100, 20));

	private final String title;

	private final int callers;

	private final int calls;

	private final Consumer<Calls> call;

	/**
	 * Create an instance.
	 * @param title the title of the table
	 * @param callers the number of concurrent callers
	 * @param calls the number of calls in a round
	 * @param call sends one call
	 */
	Workload(String title, int callers, int calls, Consumer<Calls> call) {
		this.title = title;
		this.callers = callers;
		this.calls = calls;
		this.call = call;
	}

	int callers() {
		return this.callers;
	}

	int calls() {
		return this.calls;
	}

	void call(Calls client) {
		this.call.accept(client);
	}

	@Override
	public String toString() {
		return this.title;
	}

}
