package dev.servicepool.spring.http;

import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

import org.springframework.http.HttpHeaders;
import org.springframework.util.CollectionUtils;
import org.springframework.util.LinkedCaseInsensitiveMap;

/**
 * The header fields of a request that are copied each time it is sent. Others may be kept
 * in a map that tells upper from lower case, so to visit them means to collect their
 * names first; these are not.
 */
final class RequestHeaders extends HttpHeaders {

	private static final long serialVersionUID = 1L;

	/** How many fields a request has, as a rule. */
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
