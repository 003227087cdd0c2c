FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
RUN useradd --create-home --uid 10001 vitrine
WORKDIR /srv/vitrine

COPY requirements.txt constraints.txt ./
RUN python -m pip install -r requirements.txt -c constraints.txt
COPY . .
RUN mkdir -p var && chown vitrine:vitrine var

USER vitrine
ENV HOST=0.0.0.0 PORT=8501 ACCESS=public
VOLUME /srv/vitrine/var
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s \
    CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"
CMD ["python", "serve.py"]
