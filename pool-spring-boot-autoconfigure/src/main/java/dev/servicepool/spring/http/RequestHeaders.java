package dev.servicepool.spring.http;

import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

import org.springframework.http.HttpHeaders;
import org.springframework.util.CollectionUtils;
import org.springframework.util.LinkedCaseInsensitiveMap;

/**
 * Header fields of a request, which are copied for each attempt. Their map ignores case,
 * so that they can be visited directly. Other maps may be case-sensitive, and a visit
 * must first collect the names.
 */
final class RequestHeaders extends HttpHeaders {

	private static final long serialVersionUID = 1L;

	/** Usual number of header fields of a request. */
	private static final int FEW = 3;

	private final LinkedCaseInsensitiveMap<List<String>> fields;

	RequestHeaders() {
		this(new LinkedCaseInsensitiveMap<>(FEW, Locale.ROOT));
	}

	private RequestHeaders(LinkedCaseInsensitiveMap<List<String>> fields) {
		super(CollectionUtils.toMultiValueMap(fields));
		this.fields = fields;
	}

	@Override
	public void forEach(BiConsumer<? super String, ? super List<String>> action) {
		this.fields.forEach(action);
	}

}
