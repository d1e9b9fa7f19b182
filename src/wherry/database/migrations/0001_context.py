from __future__ import annotations

from django.db import migrations

from wherry.database.operations import sql_file


class Migration(migrations.Migration):
    initial = True
    operations = [sql_file(__file__, "context")]
