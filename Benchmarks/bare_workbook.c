/* What libxlsxwriter alone needs for the cells of an exception list: each row of the CSV as a row, one column more for the advice, in
   constant memory. Quoting is read in its simplest form; the text of a cell is all that counts here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

int main(int count, char **words) {
    FILE *file = count == 3 ? fopen(words[1], "r") : NULL;
    if (!file) return 2;
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = NULL, .use_zip64 = LXW_FALSE};
    lxw_workbook *workbook = workbook_new_opt(words[2], &options);
    lxw_worksheet *sheet = workbook_add_worksheet(workbook, NULL);
    lxw_format *wrapped = workbook_add_format(workbook);
    format_set_text_wrap(wrapped);
    char *line = NULL;
    size_t room = 0;
    for (lxw_row_t row = 0; getline(&line, &room, file) > 0; row++) {
        char *from = line;
        line[strcspn(line, "\r\n")] = 0;
        worksheet_set_row(sheet, row, 30, NULL);
        for (lxw_col_t column = 0; from; column++) {
            char *end = *from == '"' ? strstr(++from, "\",") : strchr(from, ',');
            char *next = end ? end + (*end == '"' ? 2 : 1) : NULL;
            if (end) *end = 0;
            if (*from) worksheet_write_string(sheet, row, column, from, wrapped);
            from = next;
        }
        worksheet_write_string(sheet, row, 13, "What to do about this rule, in a sentence or two of the length that they have.", wrapped);
    }
    free(line);
    fclose(file);
    return workbook_close(workbook) == LXW_NO_ERROR ? 0 : 1;
}
